-- How many rows an answer has, how many of them state something, say that there is none, or state what someone inferred.
WITH {common}, facts AS ({facts}),
unproven AS (
    SELECT table_name, row_id, NULL::INTEGER AS row_no FROM (
        SELECT e."table" AS table_name, e.row_id, e."column" FROM evidence e
        WHERE e."table" <> 'flows' AND list_contains($proof::VARCHAR[], e."column")
        GROUP BY ALL HAVING bool_and(e.status = 'inferred')
    ) GROUP BY ALL
    UNION ALL
    SELECT 'flows', NULL, row_no FROM (
        SELECT row_no, column_name FROM flow_quotes WHERE list_contains($proof::VARCHAR[], column_name)
        GROUP BY ALL HAVING bool_and(status = 'inferred')
    ) GROUP BY ALL
)
SELECT count(*), count(*) FILTER (stated), count(*) FILTER (NOT stated AND item = 'none'),
    count(*) FILTER (stated AND CASE table_name
        WHEN 'flows' THEN row_no IN (SELECT row_no FROM unproven WHERE table_name = 'flows')
        ELSE (table_name, row_id) IN (SELECT table_name, row_id FROM unproven WHERE table_name <> 'flows') END)
FROM facts
