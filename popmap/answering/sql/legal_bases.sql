-- The legal bases of the flows, and of the activities where nothing narrower is asked.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    legal_basis::VARCHAR || ': ' || category || ' → ' || vendor AS item, legal_basis IS NOT NULL AS stated, false AS denied
FROM moving WHERE {named}
UNION ALL
SELECT 'activities' AS table_name, activity_id AS row_id, row_no,
    legal_basis || ': ' || coalesce(name, activity_id), true, false FROM activities WHERE legal_basis IS NOT NULL AND {unnamed}
