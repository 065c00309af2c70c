-- code: rule-failed
-- severity: error
-- table: register
-- column:
-- article: Art. 5(2)
-- title: A rule of the register could not be run
-- why: A rule in the register's own checks folder is broken, so what it would have found is not shown.
-- hint: Correct the rule's file at the line named, or remove it.

SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE code = 'rule-failed'
