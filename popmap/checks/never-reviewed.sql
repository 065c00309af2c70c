-- code: never-reviewed
-- severity: note
-- table: vendors
-- column: reviewed_on
-- article: Art. 28(1)
-- title: Vendor never reviewed
-- why: Other vendors of this register were reviewed; for this one no review is stated. Only vendors that offer sufficient guarantees
--   may be used.
-- hint: Review the vendor and state the date in vendors, column reviewed_on.

-- A register that keeps no reviews at all is not told so once for each vendor; a vendor added within the period is not due yet.
SELECT v.row_no
FROM vendors v, settings s
WHERE v.reviewed_on IS NULL
  AND EXISTS (SELECT 1 FROM vendors WHERE reviewed_on IS NOT NULL)
  AND coalesce(TRY_CAST(v.added_on AS DATE) < s.as_of - s.review_days, true)
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
