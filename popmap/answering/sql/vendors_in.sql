-- The vendors established in a country, and those established elsewhere.
SELECT 'vendors' AS table_name, vendor_key AS row_id, row_no, name || ': ' || country AS item,
    coalesce(list_contains($country::VARCHAR[], country), false) AS stated, NOT list_contains($country::VARCHAR[], country) AS denied
FROM active WHERE {named}
