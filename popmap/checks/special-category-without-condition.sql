-- code: special-category-without-condition
-- severity: error
-- table: flows
-- column: condition
-- article: Art. 9(2), Art. 10
-- title: Special category without a condition
-- why: Special categories of personal data may be processed only under a condition of Art. 9(2), and data on criminal convictions only
--   under Art. 10. This flow states none.
-- hint: State the condition in flows, column condition (for instance explicit consent, Art. 9(2)(a)).

SELECT
    f.row_no,
    CASE c.special_category WHEN 'art9' THEN 'special category (Art. 9)' ELSE 'criminal convictions and offences (Art. 10)' END AS detail
FROM flows f
JOIN categories c ON c.category_id = f.category_id
WHERE c.special_category IN ('art9', 'art10')
  AND f.condition IS NULL
