-- code: agreement-expired
-- severity: error
-- table: vendors
-- column: agreement_expires_on
-- article: Art. 28(3)
-- title: Agreement expired
-- why: The agreement with this vendor has ended. A processor may not process personal data without one.
-- hint: Renew the agreement and state the new date in vendors, column agreement_expires_on, or stop its flows.

SELECT v.row_no, format('ended {} days ago', s.as_of - TRY_CAST(v.agreement_expires_on AS DATE)) AS detail
FROM vendors v, settings s
WHERE TRY_CAST(v.agreement_expires_on AS DATE) < s.as_of
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
