-- code: invalid-link
-- severity: warning
-- table: register
-- column:
-- article: Art. 5(2)
-- title: Invalid link
-- why: The cell is not a web address, so nobody can follow it to what it should show.
-- hint: Write the address with https:// in front.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'invalid-link'
