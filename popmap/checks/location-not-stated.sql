-- code: location-not-stated
-- severity: warning
-- table: flows
-- column: locations
-- article: Art. 13(1)(f), Art. 30(1)(e)
-- title: Place of processing not stated
-- why: Nothing says in which countries the vendor processes the data. Whether it leaves the European Economic Area, and what a
--   transfer would rest on, cannot be told.
-- hint: State the ISO country codes in flows, column locations.

SELECT row_no
FROM flows
WHERE locations IS NULL
  AND category_id NOT IN (SELECT category_id FROM categories WHERE personal = 'no')
