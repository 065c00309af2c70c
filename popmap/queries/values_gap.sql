-- Each rule with findings about flows, vendors or categories, and how many flows that touches.
WITH of_flows AS (
    SELECT r.rule_no, sum(g.flows) AS flows
    FROM rules r JOIN (SELECT gaps, count(*) AS flows FROM flows WHERE gaps <> 0 GROUP BY 1) g ON g.gaps & (1::UBIGINT << r.flow_bit) <> 0
    WHERE r.flow_bit IS NOT NULL GROUP BY 1
),
of_ends AS (
    SELECT unnest(list_distinct(list_concat(v.rules, c.rules))) AS rule_no, p.flows
    FROM pairs p JOIN vendor_facts v ON v.vendor_id = p.vendor_id JOIN category_facts c ON c.category_id = p.category_id
),
-- A rule may hit only vendors and categories without any flow.
of_others AS (SELECT unnest(rules) AS rule_no, 0 AS flows FROM vendor_facts UNION SELECT unnest(rules), 0 FROM category_facts)
SELECT r.code, r.title, sum(h.flows)::BIGINT
FROM (FROM of_flows UNION ALL FROM of_ends UNION ALL FROM of_others) h JOIN rules r ON r.rule_no = h.rule_no
GROUP BY ALL
