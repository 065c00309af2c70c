-- code: undeclared-category
-- severity: warning
-- table: categories
-- column: name
-- article: Art. 30(1)(c)
-- title: Undeclared category
-- why: Vendors receive this category, but no processing activity declares it. The record of processing activities and the privacy
--   notice are then incomplete.
-- hint: Add it to category_ids of the activity it belongs to in activities; if it is only another spelling, add it to aliases; if it
--   is not personal data, state personal = no in categories.

-- Without any activity the rule no-activities speaks, once.
WITH undeclared AS (
    SELECT row_no, category_id
    FROM categories
    WHERE coalesce(personal, '') <> 'no'
      AND EXISTS (SELECT 1 FROM activities)
      AND category_id NOT IN (
          SELECT category_id FROM (SELECT unnest(category_ids) AS category_id FROM activities) WHERE category_id IS NOT NULL
      )
)
SELECT u.row_no, format('received by {} {}', count(*), CASE count(*) WHEN 1 THEN 'vendor' ELSE 'vendors' END) AS detail
FROM undeclared u
JOIN (
    SELECT category_id, vendor_id FROM pairs WHERE category_id IN (SELECT category_id FROM undeclared)
) f ON f.category_id = u.category_id
GROUP BY u.row_no
