-- Where vendors are established.
SELECT 'vendors' AS table_name, vendor_key AS row_id, row_no,
    name || ': ' || country AS item, country IS NOT NULL AS stated, false AS denied
FROM active WHERE {named}
