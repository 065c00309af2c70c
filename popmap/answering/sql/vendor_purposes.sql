-- What each vendor is used for.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    vendor || ': ' || purpose::VARCHAR AS item, purpose IS NOT NULL AS stated, false AS denied
FROM moving WHERE {named}
