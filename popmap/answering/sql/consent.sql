-- The flows on the basis of consent; one on another basis says that it is not on this one.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    category || ' → ' || vendor || coalesce(' (' || condition::VARCHAR || ')', '') AS item,
    coalesce(legal_basis::VARCHAR = 'consent', false) AS stated, coalesce(legal_basis::VARCHAR <> 'consent', false) AS denied
FROM moving WHERE {named}
