-- code: activity-without-evidence
-- severity: warning
-- table: activities
-- column:
-- article: Art. 5(2)
-- title: Processing activity without evidence
-- why: Nothing in the register says what the statements about this processing activity rest on. The controller must be able to
--   demonstrate compliance, not only assert it.
-- hint: Add a row to evidence with table = activities, the row's key in row_id, a source_id, a locator and the quote.

SELECT t.row_no
FROM activities t
WHERE NOT EXISTS (SELECT 1 FROM evidence e WHERE e."table" = 'activities' AND e.row_id = t.activity_id)
