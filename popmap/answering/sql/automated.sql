-- Activities with automated individual decision-making, and those that state there is none.
SELECT 'activities' AS table_name, activity_id AS row_id, row_no, coalesce(name, activity_id) AS item,
    coalesce(automated_decisions = 'yes', false) AS stated, coalesce(automated_decisions = 'no', false) AS denied
FROM activities
