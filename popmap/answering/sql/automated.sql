-- Activities with automated individual decision-making; one that states there is none is a row with "none" for its item.
SELECT 'activities' AS table_name, activity_id AS row_id, row_no,
    CASE automated_decisions WHEN 'yes' THEN coalesce(name, activity_id) WHEN 'no' THEN 'none' END AS item,
    coalesce(automated_decisions = 'yes', false) AS stated
FROM activities
