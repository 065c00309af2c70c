-- code: file-error
-- severity: error
-- table: register
-- column:
-- article: Art. 5(2)
-- title: File cannot be read as it should
-- why: Part of the register could not be read as it was meant, so what is shown may be incomplete.
-- hint: Do what the finding says.

-- What was found while reading and has no rule of its own.
SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE severity = 'error' AND code NOT IN (
      'dangling-reference', 'duplicate-key', 'missing-key', 'invalid-slug', 'value-not-allowed', 'invalid-date', 'invalid-country',
      'invalid-link', 'rule-failed'
  )
