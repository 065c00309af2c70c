-- code: retention-not-stated
-- severity: warning
-- table: categories
-- column: retention_period
-- article: Art. 5(1)(e), Art. 13(2)(a), Art. 30(1)(f)
-- title: Retention period not stated
-- why: Neither the category, nor an activity covering it, nor each of its flows says how long the data is kept. Data subjects must be
--   told the period or how it is determined.
-- hint: State retention_period in categories, in an activity that lists the category in activities, or for each of its rows in flows.

-- One finding for each category: a finding for each flow would say the same thing many times.
SELECT c.row_no, CASE WHEN f.stated > 0 THEN format('{} of {} flows state one', f.stated, f.flows) END AS detail
FROM categories c
LEFT JOIN (
    SELECT category_id, count(*) AS flows, count(retention_period) AS stated FROM flows GROUP BY ALL
) f ON f.category_id = c.category_id
WHERE c.retention_period IS NULL
  AND coalesce(c.personal, '') <> 'no'
  AND coalesce(f.stated < f.flows, true)
  AND c.category_id NOT IN (
      SELECT category_id FROM (SELECT unnest(category_ids) AS category_id FROM activities WHERE retention_period IS NOT NULL)
      WHERE category_id IS NOT NULL
  )
