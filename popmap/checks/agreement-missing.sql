-- code: agreement-missing
-- severity: error
-- table: vendors
-- column: agreement_url
-- article: Art. 28(3), Art. 28(4)
-- title: Data processing agreement missing
-- why: A processor may act only under a contract or other legal act that binds it, a sub-processor under the same obligations. The
--   register shows none for this vendor.
-- hint: State agreement_url or agreement_signed_on in vendors.

SELECT v.row_no, v.role AS detail
FROM vendors v, settings s
WHERE v.role IN ('processor', 'sub-processor')
  AND v.agreement_url IS NULL
  AND v.agreement_signed_on IS NULL
  AND v.agreement_expires_on IS NULL
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
