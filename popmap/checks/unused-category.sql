-- code: unused-category
-- severity: note
-- table: categories
-- column: name
-- article: Art. 30(1)(c)
-- title: Unused category
-- why: No flow and no processing activity names this category. Either something is missing from the register, or the organisation
--   declares data it does not process.
-- hint: Add its flows to flows, add it to category_ids of an activity in activities, or remove its row from categories.

SELECT c.row_no
FROM categories c
WHERE c.category_id NOT IN (SELECT category_id::VARCHAR FROM (SELECT DISTINCT category_id FROM pairs) WHERE category_id IS NOT NULL)
  AND c.category_id NOT IN (
      SELECT category_id FROM (SELECT unnest(category_ids) AS category_id FROM activities) WHERE category_id IS NOT NULL
  )
