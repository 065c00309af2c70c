-- code: invalid-country
-- severity: error
-- table: register
-- column:
-- article: Art. 30(1)(e)
-- title: Invalid country
-- why: The cell is not an ISO 3166-1 country, so whether the data leaves the European Economic Area cannot be judged.
-- hint: Use the two letters of ISO 3166-1 alpha-2, as in FR or US.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'invalid-country'
