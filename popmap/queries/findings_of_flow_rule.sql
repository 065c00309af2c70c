-- What one rule about flows found in a stretch of rows; the rule's own query stands in the middle.
SELECT 'flows' AS table_name, f.row_no, $column AS column_name, coalesce(c.name, f.category_id::VARCHAR) || ' → ' || coalesce(v.name, f.vendor_id::VARCHAR) AS subject,
    x.value, x.detail, f.category_id::VARCHAR || '/' || f.vendor_id::VARCHAR || '/' || coalesce(f.purpose::VARCHAR, '') AS row_id
FROM ({rule}) x JOIN flows f ON f.row_no = x.row_no
LEFT JOIN category_facts c ON c.category_id = f.category_id
LEFT JOIN vendor_facts v ON v.vendor_id = f.vendor_id
WHERE f.row_no >= $low AND f.row_no < $high
ORDER BY f.row_no LIMIT {limit}
