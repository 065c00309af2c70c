-- How long the data is kept: by category, else by an activity that covers it, else by each of its flows.
SELECT 'categories' AS table_name, category_key AS row_id, row_no,
    name || ': ' || retention_period AS item, retention_period IS NOT NULL AS stated, false AS denied
FROM personal p
WHERE {named} AND (retention_period IS NOT NULL OR (
    NOT EXISTS (SELECT 1 FROM activities a WHERE a.retention_period IS NOT NULL AND list_contains(a.category_ids, p.category_key))
    AND NOT EXISTS (SELECT 1 FROM moving f WHERE f.retention_period IS NOT NULL AND f.category_key = p.category_key)))
UNION ALL
SELECT 'activities' AS table_name, activity_id AS row_id, row_no,
    coalesce(name, activity_id) || ': ' || retention_period, true, false FROM activities WHERE retention_period IS NOT NULL AND {unnamed}
UNION ALL
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    category || ' → ' || vendor || ': ' || retention_period::VARCHAR, true, false FROM moving WHERE retention_period IS NOT NULL AND {named}
