-- code: special-category-not-stated
-- severity: note
-- table: categories
-- column: special_category
-- article: Art. 9(1), Art. 10, Art. 30(1)(c)
-- title: Not stated whether it is a special category
-- why: Special categories of personal data, and data on criminal convictions, may be processed under further conditions only. Until
--   this is stated, nobody can say from the register that they are, or are not, among the data.
-- hint: State none, art9 or art10 in categories, column special_category.

SELECT row_no FROM categories WHERE special_category IS NULL AND coalesce(personal, '') <> 'no'
