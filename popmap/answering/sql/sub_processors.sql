-- Vendors that receive data and are not said to be controllers of their own; the item carries the role where it is stated.
SELECT 'vendors' AS table_name, vendor_key AS row_id, row_no,
    name || coalesce(' (' || role || ')', '') AS item, true AS stated, false AS denied
FROM active WHERE coalesce(role, '') NOT IN ('joint-controller', 'independent-controller')
