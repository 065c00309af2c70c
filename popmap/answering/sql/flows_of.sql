-- The flows of a vendor or a category.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    category || ' → ' || vendor || coalesce(': ' || purpose::VARCHAR, '') AS item, true AS stated, false AS denied
FROM moving WHERE {named}
