-- code: category-name-variant
-- severity: note
-- table: aliases
-- column: alias
-- article: Art. 12(1)
-- title: Name variant of a declared category
-- why: The published text uses another name for a declared category. Readers cannot tell whether both mean the same data; information
--   must be clear and intelligible.
-- hint: Use one name in the published text; the declared one stands in categories, column name.

-- Differences in capitals and spaces alone do not mislead anyone.
SELECT a.row_no, format('declared as "{}"', coalesce(c.name, c.category_id)) AS detail
FROM aliases a
JOIN categories c ON c.category_id = a.id
WHERE a.kind = 'category'
  AND regexp_replace(lower(a.alias), '\s+', ' ', 'g') <> regexp_replace(lower(coalesce(c.name, c.category_id)), '\s+', ' ', 'g')
