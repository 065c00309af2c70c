-- code: agreement-expiring
-- severity: warning
-- table: vendors
-- column: agreement_expires_on
-- article: Art. 28(3)
-- title: Agreement expires within 60 days
-- why: The agreement with this vendor ends soon. A processor may not process personal data without one.
-- hint: Renew the agreement and state the new date in vendors, column agreement_expires_on.

SELECT v.row_no, format('ends in {} days', TRY_CAST(v.agreement_expires_on AS DATE) - s.as_of) AS detail
FROM vendors v, settings s
WHERE TRY_CAST(v.agreement_expires_on AS DATE) BETWEEN s.as_of AND s.as_of + 60
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
