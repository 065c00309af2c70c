-- What one rule about anything but flows found.
SELECT g.table_name, g.row_no, g.column_name, coalesce(v.name, c.name, a.name, g.row_id) AS subject, g.value, g.detail, g.row_id
FROM findings g JOIN rules r ON r.rule_no = g.rule_no
LEFT JOIN vendors v ON g.table_name = 'vendors' AND v.row_no = g.row_no
LEFT JOIN categories c ON g.table_name = 'categories' AND c.row_no = g.row_no
LEFT JOIN activities a ON g.table_name = 'activities' AND a.row_no = g.row_no
WHERE r.code = $code
ORDER BY g.table_name NULLS FIRST, g.row_no NULLS FIRST, g.column_name, g.value, g.detail LIMIT {limit}
