-- The findings behind a filter: those of flows are read off their bits, the others stand in a table.
WITH chosen AS (
    SELECT r.* FROM rules r WHERE {rules}
),
of_flows AS (
    SELECT r.rule_no, 'flows' AS table_name, f.row_no,
        f.category_id::VARCHAR || '/' || f.vendor_id::VARCHAR || '/' || coalesce(f.purpose::VARCHAR, '') AS row_id,
        r.column_name, CAST(NULL AS VARCHAR) AS value, CAST(NULL AS VARCHAR) AS detail,
        c.name || ' → ' || v.name AS subject
    FROM chosen r JOIN flows f ON f.gaps & (1::UBIGINT << r.flow_bit) <> 0
    LEFT JOIN category_facts c ON c.category_id = f.category_id
    LEFT JOIN vendor_facts v ON v.vendor_id = f.vendor_id
    WHERE r.flow_bit IS NOT NULL AND {where}
),
of_others AS (
    SELECT g.rule_no, g.table_name, g.row_no, g.row_id, g.column_name, g.value, g.detail,
        coalesce(v.name, c.name, a.name, g.row_id) AS subject
    FROM findings g
    JOIN chosen r ON r.rule_no = g.rule_no
    LEFT JOIN vendor_facts v ON g.table_name = 'vendors' AND v.row_no = g.row_no
    LEFT JOIN category_facts c ON g.table_name = 'categories' AND c.row_no = g.row_no
    LEFT JOIN activities a ON g.table_name = 'activities' AND a.row_no = g.row_no
    WHERE CASE g.table_name WHEN 'vendors' THEN {vendors} WHEN 'categories' THEN {categories} ELSE {others} END
)
SELECT r.severity, r.code, r.title, r.article, o.table_name, o.row_no, o.column_name, o.subject, o.value, o.detail, r.why, r.hint, o.row_id
FROM (FROM of_flows UNION ALL FROM of_others) o JOIN chosen r ON r.rule_no = o.rule_no
ORDER BY {order} LIMIT {limit} OFFSET {offset}
