-- code: flow-without-purpose
-- severity: error
-- table: flows
-- column: purpose
-- article: Art. 5(1)(b), Art. 13(1)(c), Art. 30(1)(b)
-- title: Flow without a purpose
-- why: Personal data may be collected for specified purposes only, and data subjects must be told them. This flow states none.
-- hint: State purpose in flows.

SELECT row_no
FROM flows
WHERE purpose IS NULL
  AND category_id NOT IN (SELECT category_id FROM categories WHERE personal = 'no')
