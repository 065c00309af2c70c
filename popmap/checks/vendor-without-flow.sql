-- code: vendor-without-flow
-- severity: warning
-- table: vendors
-- column: name
-- article: Art. 30(1)(d)
-- title: Vendor without a flow
-- why: The vendor is listed as a recipient, but nothing says which data it receives and why.
-- hint: Add its rows to flows; if it receives nothing, state proposed or retired in vendors, column status.

-- Flows to a vendor that is not there are the rule dangling-reference's; proposed vendors receive nothing yet.
SELECT v.row_no
FROM vendors v, settings s
WHERE coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
  AND coalesce(v.status, '') <> 'proposed'
  AND v.vendor_id NOT IN (SELECT vendor_id::VARCHAR FROM (SELECT DISTINCT vendor_id FROM pairs) WHERE vendor_id IS NOT NULL)
