-- Every gap rule that found something, worst first, with how often; flows carry their findings as bits.
WITH of_flows AS (
    SELECT gaps, count(*) AS flows FROM flows WHERE gaps <> 0 GROUP BY 1
),
of_others AS (
    SELECT rule_no, count(*) AS findings FROM findings GROUP BY 1
)
SELECT * FROM (
    SELECT r.code, r.severity, r.title, r.article, r.why, r.hint, r.flow_bit IS NOT NULL AS about_flows,
        CASE WHEN r.flow_bit IS NULL THEN coalesce(o.findings, 0)
            ELSE coalesce((SELECT sum(flows) FROM of_flows WHERE gaps & (1::UBIGINT << coalesce(r.flow_bit, 0)) <> 0), 0) END::BIGINT AS findings,
        r.severity_rank, r.rule_no
    FROM rules r LEFT JOIN of_others o ON o.rule_no = r.rule_no
)
WHERE findings > 0
ORDER BY severity_rank, rule_no
