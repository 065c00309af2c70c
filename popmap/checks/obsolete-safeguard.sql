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
SELECT row_no, detail
FROM (
    SELECT
        row_no,
        concat_ws('; ',
            CASE WHEN s.as_of >= DATE '2015-10-06' AND regexp_matches(text, 'safe[ _-]*harbou?r|2000/520', 'i')
                THEN 'Safe Harbor, invalid since 2015-10-06 (C-362/14)' END,
            CASE WHEN s.as_of >= DATE '2020-07-16' AND regexp_matches(text, 'privacy[ _-]*shield|2016/1250', 'i')
                THEN 'Privacy Shield, invalid since 2020-07-16 (C-311/18)' END,
            CASE WHEN s.as_of >= DATE '2022-12-28' AND regexp_matches(text, '2001/497|2004/915|2010/87', 'i')
                THEN 'standard contractual clauses of before 2021, of no effect since 2022-12-28 (Decision (EU) 2021/914, Art. 4)' END
        ) AS detail
    FROM (
        -- A text is looked at once, however many flows state it.
        SELECT row_no, concat_ws(' ', transfer_mechanism::VARCHAR, condition::VARCHAR, notes::VARCHAR) AS text
        FROM flows
        WHERE row_no IN (
            SELECT row_no FROM flows WHERE transfer_mechanism IN (
                SELECT stated FROM (SELECT DISTINCT transfer_mechanism AS stated FROM flows)
                WHERE regexp_matches(stated::VARCHAR, 'shield|2016/1250|harbou?r|2000/520|2001/497|2004/915|2010/87', 'i'))
            UNION ALL
            SELECT row_no FROM flows WHERE condition IN (
                SELECT stated FROM (SELECT DISTINCT condition AS stated FROM flows)
                WHERE regexp_matches(stated::VARCHAR, 'shield|2016/1250|harbou?r|2000/520|2001/497|2004/915|2010/87', 'i'))
            UNION ALL
            SELECT row_no FROM flows WHERE notes IN (
                SELECT stated FROM (SELECT DISTINCT notes AS stated FROM flows)
                WHERE regexp_matches(stated::VARCHAR, 'shield|2016/1250|harbou?r|2000/520|2001/497|2004/915|2010/87', 'i'))
        )
    ), settings s
)
WHERE detail <> ''
