-- Whose data it is: by category, and by activity.
SELECT 'categories' AS table_name, category_key AS row_id, row_no,
    name || ': ' || array_to_string(data_subjects, ', ') AS item, data_subjects IS NOT NULL AS stated, false AS denied
FROM personal p
WHERE {named} AND (data_subjects IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM activities a WHERE a.data_subjects IS NOT NULL AND list_contains(a.category_ids, p.category_key)))
UNION ALL
SELECT 'activities' AS table_name, activity_id AS row_id, row_no,
    coalesce(name, activity_id) || ': ' || array_to_string(data_subjects, ', '), true, false FROM activities WHERE data_subjects IS NOT NULL AND {unnamed}
