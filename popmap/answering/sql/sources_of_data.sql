-- Where activities say that the data comes from.
SELECT 'activities' AS table_name, activity_id AS row_id, row_no,
    coalesce(name, activity_id) || ': ' || source_of_data AS item, source_of_data IS NOT NULL AS stated, false AS denied
FROM activities
