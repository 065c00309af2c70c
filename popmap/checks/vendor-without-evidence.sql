-- code: vendor-without-evidence
-- severity: warning
-- table: vendors
-- column:
-- article: Art. 5(2)
-- title: Vendor without evidence
-- why: Nothing in the register says what the statements about this vendor rest on. The controller must be able to demonstrate
--   compliance, not only assert it.
-- hint: Add a row to evidence with table = vendors, the row's key in row_id, a source_id, a locator and the quote.

SELECT t.row_no
FROM vendors t
WHERE NOT EXISTS (SELECT 1 FROM evidence e WHERE e."table" = 'vendors' AND e.row_id = t.vendor_id)
