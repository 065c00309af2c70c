-- code: data-privacy-framework-not-checked
-- severity: warning
-- table: flows
-- column: transfer_checked_on
-- article: Art. 45(1)
-- title: Data Privacy Framework not checked
-- why: The adequacy decision for the United States covers only organisations on the Data Privacy Framework list, and certification
--   lapses after a year. It was not checked within the review period.
-- hint: Look the vendor up on dataprivacyframework.gov and state the date in flows, column transfer_checked_on.

SELECT row_no
FROM flows, settings s
WHERE transfer_mechanism = 'data-privacy-framework'
  AND coalesce(TRY_CAST(transfer_checked_on::VARCHAR AS DATE) < s.as_of - s.review_days, transfer_checked_on IS NULL)
  AND category_id NOT IN (SELECT category_id FROM categories WHERE personal = 'no')
