-- How many flows have the gap of each rule: their own, their vendor's or their category's.
WITH counted AS MATERIALIZED (
    SELECT f.category_id, f.vendor_id, f.gaps, count(*) AS flows FROM flows f WHERE {where} GROUP BY ALL
),
hits AS (
    SELECT r.rule_no, sum(g.flows) AS flows
    FROM rules r
    JOIN (SELECT gaps, sum(flows) AS flows FROM counted WHERE gaps <> 0 GROUP BY 1) g ON g.gaps & (1::UBIGINT << r.flow_bit) <> 0
    WHERE r.flow_bit IS NOT NULL GROUP BY 1
    UNION ALL
    -- A rule may hit both ends of a flow, which is one gap.
    SELECT unnest(list_distinct(list_concat(v.rules, k.rules))), sum(c.flows)
    FROM counted c JOIN vendor_facts v ON v.vendor_id = c.vendor_id JOIN category_facts k ON k.category_id = c.category_id GROUP BY 1
)
SELECT r.code, sum(h.flows)::BIGINT FROM hits h JOIN rules r ON r.rule_no = h.rule_no GROUP BY 1
