-- What activities say of a data protection impact assessment.
SELECT 'activities' AS table_name, activity_id AS row_id, row_no,
    coalesce(name, activity_id) || ': ' || impact_assessment AS item, impact_assessment IS NOT NULL AS stated, false AS denied
FROM activities
