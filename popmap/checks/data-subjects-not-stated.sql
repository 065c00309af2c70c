-- code: data-subjects-not-stated
-- severity: warning
-- table: categories
-- column: data_subjects
-- article: Art. 30(1)(c)
-- title: Data subjects not stated
-- why: Neither the category nor an activity covering it says whose data this is. The record must describe the categories of data
--   subjects.
-- hint: State data_subjects in categories, or in an activity that lists the category in activities.

SELECT c.row_no
FROM categories c
WHERE c.data_subjects IS NULL
  AND coalesce(c.personal, '') <> 'no'
  AND c.category_id NOT IN (
      SELECT category_id FROM (SELECT unnest(category_ids) AS category_id FROM activities WHERE data_subjects IS NOT NULL)
      WHERE category_id IS NOT NULL
  )
