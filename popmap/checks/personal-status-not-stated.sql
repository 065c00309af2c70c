-- code: personal-status-not-stated
-- severity: note
-- table: categories
-- column: personal
-- article: Art. 4(1)
-- title: Not stated whether it is personal data
-- why: The GDPR applies to personal data only. Until this is stated, popmap treats the category as personal data.
-- hint: State yes or no in categories, column personal.

SELECT row_no FROM categories WHERE personal IS NULL
