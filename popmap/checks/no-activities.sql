-- code: no-activities
-- severity: warning
-- table: register
-- column:
-- article: Art. 30(1)
-- title: No processing activity recorded
-- why: The register says which data goes where, but records no processing activity. The record of processing activities is what a
--   supervisory authority asks for first.
-- hint: Add a row to activities for each processing activity, with category_ids and vendor_ids.

SELECT NULL::INTEGER AS row_no
WHERE NOT EXISTS (SELECT 1 FROM activities)
  AND (EXISTS (SELECT 1 FROM categories) OR EXISTS (SELECT 1 FROM vendors) OR EXISTS (SELECT 1 FROM flows))
