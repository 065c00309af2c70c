-- code: file-warning
-- severity: warning
-- table: register
-- column:
-- article: Art. 5(2)
-- title: File is read with a reservation
-- why: Part of the register was read, but not without doubt.
-- hint: Do what the finding says.

-- What was found while reading and has no rule of its own.
SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE severity = 'warning' AND code NOT IN (
      'dangling-reference', 'duplicate-key', 'missing-key', 'invalid-slug', 'value-not-allowed', 'invalid-date', 'invalid-country',
      'invalid-link', 'rule-failed'
  )
