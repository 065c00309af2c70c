-- code: obsolete-safeguard
-- severity: error
-- table: flows
-- column: transfer_mechanism
-- article: Art. 44, Art. 46(1)
-- title: Obsolete safeguard cited
-- why: The flow cites a safeguard that no longer exists: Safe Harbor (Schrems I), the Privacy Shield (Schrems II), or standard
--   contractual clauses of before 2021. A transfer cannot rest on it.
-- hint: State what the transfer rests on today in flows, column transfer_mechanism, and correct condition and notes.

-- Contracts on the old clauses counted until 27 December 2022 (Implementing Decision (EU) 2021/914, Art. 4(4)).
-- What flows state is looked at once for all that state the same.
WITH stated AS (
    SELECT DISTINCT transfer_mechanism, condition, notes FROM flows
), cited AS (
    SELECT
        s.*,
        concat_ws('; ',
            CASE WHEN t.as_of >= DATE '2015-10-06' AND regexp_matches(s.text, 'safe[ _-]*harbou?r|2000/520', 'i')
                THEN 'Safe Harbor, invalid since 2015-10-06 (C-362/14)' END,
            CASE WHEN t.as_of >= DATE '2020-07-16' AND regexp_matches(s.text, 'privacy[ _-]*shield|2016/1250', 'i')
                THEN 'Privacy Shield, invalid since 2020-07-16 (C-311/18)' END,
            CASE WHEN t.as_of >= DATE '2022-12-28' AND regexp_matches(s.text, '2001/497|2004/915|2010/87', 'i')
                THEN 'standard contractual clauses of before 2021, of no effect since 2022-12-28 (Decision (EU) 2021/914, Art. 4)' END
        ) AS detail
    FROM (SELECT *, concat_ws(' ', transfer_mechanism::VARCHAR, condition::VARCHAR, notes::VARCHAR) AS text FROM stated) s, settings t
)
SELECT f.row_no, c.detail
FROM flows f
JOIN cited c
    ON c.transfer_mechanism IS NOT DISTINCT FROM f.transfer_mechanism
    AND c.condition IS NOT DISTINCT FROM f.condition
    AND c.notes IS NOT DISTINCT FROM f.notes
WHERE c.detail <> ''
