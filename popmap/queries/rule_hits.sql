-- The rules that hit something behind a filter, worst first, and how many rows each is about.
WITH of_flows AS (
    SELECT r.rule_no, sum(g.flows) AS hits
    FROM rules r
    JOIN (SELECT f.gaps, count(*) AS flows FROM flows f WHERE f.gaps <> 0 AND {flows} GROUP BY 1) g
        ON g.gaps & (1::UBIGINT << r.flow_bit) <> 0
    WHERE r.flow_bit IS NOT NULL GROUP BY 1
),
of_others AS (
    SELECT g.rule_no, count(*) AS hits
    FROM findings g
    LEFT JOIN vendor_facts v ON g.table_name = 'vendors' AND v.row_no = g.row_no
    LEFT JOIN category_facts c ON g.table_name = 'categories' AND c.row_no = g.row_no
    WHERE CASE g.table_name WHEN 'vendors' THEN {vendors} WHEN 'categories' THEN {categories} ELSE {others} END
    GROUP BY 1
)
SELECT r.code, r.severity, r.title, r.article, r.table_name, r.why, r.hint, h.hits::BIGINT, r.own
FROM (FROM of_flows UNION ALL FROM of_others) h JOIN rules r ON r.rule_no = h.rule_no
ORDER BY r.severity_rank, h.hits DESC, r.code
