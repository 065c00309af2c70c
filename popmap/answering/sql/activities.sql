-- The processing activities.
SELECT 'activities' AS table_name, activity_id AS row_id, row_no,
    coalesce(name, activity_id) AS item, true AS stated, false AS denied
FROM activities
