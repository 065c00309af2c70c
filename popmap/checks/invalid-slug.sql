-- code: invalid-slug
-- severity: warning
-- table: register
-- column:
-- article: Art. 5(2)
-- title: Key is not a slug
-- why: Keys stand in links and in references between tables. Capitals, spaces and signs in them break sooner or later.
-- hint: Use lower-case letters, digits and single hyphens, as in google-cloud-platform.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'invalid-slug'
