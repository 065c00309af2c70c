-- code: statement-without-evidence
-- severity: warning
-- table: flows
-- column:
-- article: Art. 5(2)
-- title: Flow without evidence
-- why: Nothing in the register says what this flow rests on. The controller must be able to demonstrate compliance, not only assert
--   it.
-- hint: Add a row to evidence with table = flows, row_id = category/vendor/purpose, a source_id, a locator and the quote.

SELECT row_no FROM flows WHERE evidence_status = 'none'
