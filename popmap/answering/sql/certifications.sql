-- The certifications that vendors state.
SELECT 'vendors' AS table_name, vendor_key AS row_id, row_no,
    name || ': ' || array_to_string(certifications, ', ') AS item, certifications IS NOT NULL AS stated, false AS denied
FROM active WHERE {named}
