-- code: invalid-date
-- severity: error
-- table: register
-- column:
-- article: Art. 5(2)
-- title: Invalid date
-- why: The cell is not a date, so nothing that depends on it (reviews, agreements, transfers) can be judged.
-- hint: Write dates as year-month-day, as in 2026-11-23.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'invalid-date'
