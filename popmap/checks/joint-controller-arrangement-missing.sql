-- code: joint-controller-arrangement-missing
-- severity: error
-- table: vendors
-- column: agreement_url
-- article: Art. 26(1)
-- title: Arrangement with a joint controller missing
-- why: Joint controllers must settle in a transparent arrangement who answers for which obligation. The register shows none for this
--   vendor.
-- hint: State agreement_url or agreement_signed_on of the arrangement in vendors.

SELECT v.row_no
FROM vendors v, settings s
WHERE v.role = 'joint-controller'
  AND v.agreement_url IS NULL
  AND v.agreement_signed_on IS NULL
  AND v.agreement_expires_on IS NULL
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
