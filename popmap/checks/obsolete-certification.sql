-- code: obsolete-certification
-- severity: warning
-- table: vendors
-- column: certifications
-- article: Art. 44, Art. 46(1)
-- title: Obsolete certification cited
-- why: The vendor is recorded with a transfer framework that no longer exists: Safe Harbor, the Privacy Shield, or standard
--   contractual clauses of before 2021. No transfer to it can rest on that.
-- hint: Correct certifications or notes in vendors, and state what transfers rest on today in flows, column transfer_mechanism.

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
        SELECT v.row_no, concat_ws(' ', array_to_string(v.certifications, ' '), v.notes) AS text
        FROM vendors v, settings s
        WHERE coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
    ), settings s
)
WHERE detail <> ''
