-- code: duplicate-key
-- severity: error
-- table: register
-- column:
-- article: Art. 5(2)
-- title: Two rows with one key
-- why: Two rows claim the same key and may contradict each other. Only the first is used.
-- hint: Keep one row for each key.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'duplicate-key'
