-- The flows on the basis of consent; one on another basis is a row with "none" for its item.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    CASE WHEN legal_basis::VARCHAR = 'consent' THEN category || ' → ' || vendor || coalesce(' (' || condition::VARCHAR || ')', '')
         WHEN legal_basis IS NOT NULL THEN 'none' END AS item,
    coalesce(legal_basis::VARCHAR = 'consent', false) AS stated
FROM moving WHERE {named}
