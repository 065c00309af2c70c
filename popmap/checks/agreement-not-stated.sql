-- code: agreement-not-stated
-- severity: warning
-- table: vendors
-- column: agreement_url
-- article: Art. 28(3)
-- title: Data processing agreement not stated
-- why: The register shows no agreement with this vendor, and its role is not stated. If it is a processor, a data processing agreement
--   is mandatory.
-- hint: State role in vendors, and agreement_url or agreement_signed_on if there is an agreement.

SELECT v.row_no
FROM vendors v, settings s
WHERE v.role IS NULL
  AND v.agreement_url IS NULL
  AND v.agreement_signed_on IS NULL
  AND v.agreement_expires_on IS NULL
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
