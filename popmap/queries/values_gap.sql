-- Each rule with findings about flows, vendors or categories, and how many flows that touches.
WITH of_flows AS (
    SELECT r.rule_no, sum(g.flows) AS flows
    FROM rules r JOIN (SELECT gaps, count(*) AS flows FROM flows WHERE gaps <> 0 GROUP BY 1) g ON g.gaps & (1::UBIGINT << r.flow_bit) <> 0
    WHERE r.flow_bit IS NOT NULL GROUP BY 1
),
-- A rule may hit only vendors and categories without any flow.
of_vendors AS (SELECT unnest(rules) AS rule_no, vendor_id, flows FROM vendor_facts),
of_categories AS (SELECT unnest(rules) AS rule_no, category_id, flows FROM category_facts),
-- Flows whose vendor and category are both hit by one rule count once.
of_both AS (
    SELECT v.rule_no, -p.flows AS flows
    FROM of_vendors v JOIN of_categories c ON c.rule_no = v.rule_no
    JOIN pairs p ON p.vendor_id = v.vendor_id AND p.category_id = c.category_id
)
SELECT r.code, r.title, sum(h.flows)::BIGINT
FROM (
    FROM of_flows UNION ALL SELECT rule_no, flows FROM of_vendors UNION ALL SELECT rule_no, flows FROM of_categories UNION ALL FROM of_both
) h
JOIN rules r ON r.rule_no = h.rule_no
GROUP BY ALL
