-- code: category-without-evidence
-- severity: warning
-- table: categories
-- column:
-- article: Art. 5(2)
-- title: Category without evidence
-- why: Nothing in the register says what the statements about this category rest on. The controller must be able to demonstrate
--   compliance, not only assert it.
-- hint: Add a row to evidence with table = categories, the row's key in row_id, a source_id, a locator and the quote.

SELECT t.row_no
FROM categories t
WHERE NOT EXISTS (SELECT 1 FROM evidence e WHERE e."table" = 'categories' AND e.row_id = t.category_id)
