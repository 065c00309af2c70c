-- code: review-overdue
-- severity: warning
-- table: vendors
-- column: reviewed_on
-- article: Art. 28(1)
-- title: Review of a vendor overdue
-- why: Only vendors that offer sufficient guarantees may be used, and that has to stay true. The last review is longer ago than the
--   review period.
-- hint: Review the vendor and state the date in vendors, column reviewed_on; the period stands in register.toml.

SELECT v.row_no, format('last reviewed {} days ago', s.as_of - TRY_CAST(v.reviewed_on AS DATE)) AS detail
FROM vendors v, settings s
WHERE TRY_CAST(v.reviewed_on AS DATE) < s.as_of - s.review_days
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
