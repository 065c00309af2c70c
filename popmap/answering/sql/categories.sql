-- The categories of personal data.
SELECT 'categories' AS table_name, category_key AS row_id, row_no,
    name || coalesce(' (' || description || ')', '') AS item, true AS stated, false AS denied
FROM personal
