-- What follows from a flow's own cells, the evidence and the reference tables: its countries, its transfer state, its evidence status.

-- Each distinct list of processing countries, once.
CREATE TABLE location_sets AS
SELECT locations, list_sort(list_distinct(string_split(locations::VARCHAR, ';'))) AS countries
FROM (SELECT DISTINCT locations FROM flows WHERE locations IS NOT NULL);

-- Chapter V GDPR. A decision that covers only some organisations (commercial ones in Canada, participants of the Data Privacy
-- Framework in the United States) counts only where the register says that the flow rests on it.
CREATE TEMP TABLE transfer_cases AS
WITH cases AS (
    SELECT DISTINCT f.locations, f.transfer_mechanism::VARCHAR AS mechanism, s.countries
    FROM flows f JOIN location_sets s ON s.locations = f.locations
),
decisions AS (
    SELECT a.country, a.scope
    FROM adequacy a, settings t
    WHERE coalesce(TRY_CAST(a."from" AS DATE) <= t.as_of, true) AND coalesce(TRY_CAST(a."until" AS DATE) >= t.as_of, true)
),
places AS (
    SELECT c.locations, c.mechanism, n.eea IS NULL AS unknown, n.eea = 'yes' AS inside,
        EXISTS (
            SELECT 1 FROM decisions d
            WHERE d.country = p.country
              AND (d.scope = 'all'
                   OR (d.scope = 'commercial-organisations' AND c.mechanism = 'adequacy')
                   OR (d.scope = 'dpf-participants' AND c.mechanism IN ('adequacy', 'data-privacy-framework')))
        ) AS adequate
    FROM cases c, unnest(c.countries) AS p(country)
    LEFT JOIN countries n ON n.country = p.country
)
SELECT locations, mechanism,
    CASE
        WHEN bool_or(unknown) THEN 'location-not-stated'
        WHEN bool_and(inside) THEN 'inside-eea'
        WHEN bool_and(inside OR adequate) THEN 'adequacy'
        -- Named one by one: a word that is no mechanism is no safeguard.
        WHEN mechanism IN ('standard-contractual-clauses', 'binding-corporate-rules', 'code-of-conduct', 'certification', 'derogation')
            THEN 'safeguards'
        ELSE 'no-mechanism'
    END AS transfer_state
FROM places GROUP BY locations, mechanism;

-- What proves that a flow exists: evidence on its key's cells, or on the row as a whole. The strongest counts.
CREATE TEMP TABLE flow_evidence AS
SELECT split_part(row_id, '/', 1) AS category_id, split_part(row_id, '/', 2) AS vendor_id,
    nullif(substr(row_id, length(split_part(row_id, '/', 1)) + length(split_part(row_id, '/', 2)) + 3), '') AS purpose,
    max(CASE status WHEN 'confirmed' THEN 3 WHEN 'stated' THEN 2 WHEN 'inferred' THEN 1 ELSE 0 END) AS rank
FROM evidence
WHERE "table" = 'flows' AND coalesce("column", 'purpose') IN ('category_id', 'vendor_id', 'purpose')
GROUP BY ALL;

CREATE TYPE evidence_state AS ENUM ('none', 'inferred', 'stated', 'confirmed');
CREATE TYPE transfer_state AS ENUM ('location-not-stated', 'inside-eea', 'adequacy', 'safeguards', 'no-mechanism');

CREATE TABLE flows_with_states AS
SELECT f.*,
    coalesce(t.transfer_state, 'location-not-stated')::transfer_state AS transfer_state,
    (['none', 'inferred', 'stated', 'confirmed'])[coalesce(e.rank, 0) + 1]::evidence_state AS evidence_status
FROM flows f
LEFT JOIN transfer_cases t ON t.locations = f.locations AND t.mechanism IS NOT DISTINCT FROM f.transfer_mechanism::VARCHAR
LEFT JOIN (
    SELECT TRY_CAST(category_id AS code_category_id) AS category_id, TRY_CAST(vendor_id AS code_vendor_id) AS vendor_id,
        {purpose} AS purpose, rank
    FROM flow_evidence
    -- Evidence for a purpose no flow has is not evidence for the flow without a purpose.
    WHERE flow_evidence.purpose IS NULL OR {purpose} IS NOT NULL
) e ON e.category_id = f.category_id AND e.vendor_id = f.vendor_id AND e.purpose IS NOT DISTINCT FROM f.purpose
ORDER BY f.row_no;
DROP TABLE flows;
ALTER TABLE flows_with_states RENAME TO flows;

-- The words each flow rests on, by the flow's row.
CREATE TABLE flow_quotes AS
SELECT f.row_no, e."column" AS column_name, e.status, e.source_id, e.locator, e.quote
FROM (
    SELECT TRY_CAST(split_part(row_id, '/', 1) AS code_category_id) AS category_id, TRY_CAST(split_part(row_id, '/', 2) AS code_vendor_id) AS vendor_id,
        nullif(substr(row_id, length(split_part(row_id, '/', 1)) + length(split_part(row_id, '/', 2)) + 3), '') AS purpose_text, evidence.*
    FROM evidence WHERE "table" = 'flows'
) e
JOIN flows f ON f.category_id = e.category_id AND f.vendor_id = e.vendor_id AND f.purpose::VARCHAR IS NOT DISTINCT FROM e.purpose_text;

DROP TABLE transfer_cases;
DROP TABLE flow_evidence;
