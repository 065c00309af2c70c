-- code: value-not-allowed
-- severity: error
-- table: register
-- column:
-- article: Art. 5(2)
-- title: Value outside the allowed list
-- why: The cell holds a value that is not one of those the column allows, so no rule and no filter can judge it.
-- hint: Use one of the values the data dictionary lists for the column.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'value-not-allowed'
