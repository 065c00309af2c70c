-- code: legal-basis-not-stated
-- severity: error
-- table: flows
-- column: legal_basis
-- article: Art. 6(1), Art. 13(1)(c)
-- title: Legal basis not stated
-- why: Processing is lawful only on one of the six bases of Art. 6(1), and the notice must name it. Neither this flow nor an activity
--   that names its category and its vendor does.
-- hint: State legal_basis in flows, or in an activity with both keys in category_ids and vendor_ids in activities.

SELECT row_no
FROM flows f
WHERE legal_basis IS NULL
  AND category_id NOT IN (SELECT category_id FROM categories WHERE personal = 'no')
  AND NOT EXISTS (
      SELECT 1
      FROM (
          SELECT category_id, unnest(vendor_ids) AS vendor_id
          FROM (SELECT unnest(category_ids) AS category_id, vendor_ids FROM activities WHERE legal_basis IS NOT NULL)
      ) a
      WHERE a.category_id = f.category_id AND a.vendor_id = f.vendor_id
  )
