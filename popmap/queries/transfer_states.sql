-- The transfer state of each list of processing countries and mechanism that flows state together.

-- Chapter V GDPR. A decision that covers only some organisations (commercial ones in Canada, participants of the Data Privacy
-- Framework in the United States) counts only where the register says that the flow rests on it.
WITH decisions AS (
    SELECT a.country, a.scope
    FROM adequacy a, settings t
    WHERE coalesce(TRY_CAST(a."from" AS DATE) <= t.as_of, true) AND coalesce(TRY_CAST(a."until" AS DATE) >= t.as_of, true)
),
places AS (
    SELECT c.pair, c.mechanism, n.eea IS NULL AS unknown, n.eea = 'yes' AS inside,
        EXISTS (
            SELECT 1 FROM decisions d
            WHERE d.country = p.country
              AND (d.scope = 'all'
                   OR (d.scope = 'commercial-organisations' AND c.mechanism = 'adequacy')
                   OR (d.scope = 'dpf-participants' AND c.mechanism IN ('adequacy', 'data-privacy-framework')))
        ) AS adequate
    FROM stated_transfers c, unnest(string_split(c.locations, ';')) AS p(country)
    LEFT JOIN countries n ON n.country = p.country
)
SELECT pair,
    CASE
        WHEN bool_or(unknown) THEN 'location-not-stated'
        WHEN bool_and(inside) THEN 'inside-eea'
        WHEN bool_and(inside OR adequate) THEN 'adequacy'
        -- Named one by one: a word that is no mechanism is no safeguard.
        WHEN mechanism IN ('standard-contractual-clauses', 'binding-corporate-rules', 'code-of-conduct', 'certification', 'derogation')
            THEN 'safeguards'
        ELSE 'no-mechanism'
    END
FROM places GROUP BY pair, mechanism
