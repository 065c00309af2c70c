-- code: missing-key
-- severity: error
-- table: register
-- column:
-- article: Art. 5(2)
-- title: Row without a key
-- why: Without its key a row cannot be named, shown or evidenced. It is left out.
-- hint: Give the row its key.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'missing-key'
