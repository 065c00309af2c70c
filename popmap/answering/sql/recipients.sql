-- Every vendor that receives data.
SELECT 'vendors' AS table_name, vendor_key AS row_id, row_no,
    name || coalesce(' (' || role || ')', '') AS item, true AS stated, false AS denied
FROM active
