-- The categories behind a filter, with whom they reach; a category that flows name and categories.csv does not is among them.
WITH shown AS (
    SELECT c.* FROM category_facts c WHERE {where}
)
SELECT
    s.category_key AS category_id, s.name, c.description, s.vendors, s.flows,
    (len(s.rules) + bit_count(s.gaps))::INTEGER AS findings,
    c.personal, c.special_category, array_to_string(c.data_subjects, '; ') AS data_subjects, c.retention_period,
    array_to_string(c.taxonomy_keys, '; ') AS taxonomy_keys, i.columns AS inferred, c.notes, s.row_no
FROM shown s
LEFT JOIN categories c ON c.category_id = s.category_key
LEFT JOIN inferred i ON i.table_name = 'categories' AND i.row_id = s.category_key
ORDER BY {order} LIMIT {limit} OFFSET {offset}
