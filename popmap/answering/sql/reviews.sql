-- When vendors were last reviewed.
SELECT 'vendors' AS table_name, vendor_key AS row_id, row_no,
    name || ': ' || reviewed_on AS item, reviewed_on IS NOT NULL AS stated, false AS denied
FROM active WHERE {named}
