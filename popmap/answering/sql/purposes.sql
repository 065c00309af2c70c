-- The purposes of the flows.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    purpose::VARCHAR AS item, purpose IS NOT NULL AS stated, false AS denied
FROM moving WHERE {named}
