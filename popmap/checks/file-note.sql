-- code: file-note
-- severity: note
-- table: register
-- column:
-- article: Art. 5(2)
-- title: Remark on a file
-- why: Something in the register's folder was left unread or needs no action, and is named so that nothing is passed over in silence.
-- hint: Do what the finding says.

-- What was found while reading and has no rule of its own.
SELECT
    row_no, nullif(table_name, '') AS table_name, nullif(column_name, '') AS column_name, nullif(value, '') AS value,
    concat(file, ': ', message, '. ', hint) AS detail
FROM faults
WHERE severity = 'note' AND code NOT IN (
      'dangling-reference', 'duplicate-key', 'missing-key', 'invalid-slug', 'value-not-allowed', 'invalid-date', 'invalid-country',
      'invalid-link', 'rule-failed'
  )
