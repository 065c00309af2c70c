-- The flows that the data map draws.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    category || ' → ' || vendor AS item, true AS stated, false AS denied
FROM moving
