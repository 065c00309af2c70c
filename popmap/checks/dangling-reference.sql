-- code: dangling-reference
-- severity: error
-- table: register
-- column:
-- article: Art. 5(2)
-- title: Reference to a row that does not exist
-- why: The cell names a key that its table does not hold, so the statement is about nothing anyone can look up.
-- hint: Add the missing row, or correct the key.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'dangling-reference'
