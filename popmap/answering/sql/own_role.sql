-- The organisation's role in each activity.
SELECT 'activities' AS table_name, activity_id AS row_id, row_no,
    coalesce(name, activity_id) || ': ' || role AS item, role IS NOT NULL AS stated, false AS denied
FROM activities
