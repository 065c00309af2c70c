-- How many rows of an answer state what someone inferred and no source states.
WITH unproven AS (
    SELECT DISTINCT table_name, row_id, NULL::INTEGER AS row_no FROM (
        SELECT e."table" AS table_name, e.row_id FROM evidence e
        WHERE e."table" <> 'flows' AND list_contains($proof::VARCHAR[], e."column")
        GROUP BY e."table", e.row_id, e."column" HAVING bool_and(e.status = 'inferred')
    )
    UNION ALL
    SELECT DISTINCT 'flows', NULL, row_no FROM (
        SELECT row_no FROM flow_quotes WHERE list_contains($proof::VARCHAR[], column_name)
        GROUP BY row_no, column_name HAVING bool_and(status = 'inferred')
    )
), {common}, facts AS ({facts})
SELECT count(*) FROM facts
WHERE stated AND CASE table_name
    WHEN 'flows' THEN row_no IN (SELECT row_no FROM unproven WHERE table_name = 'flows')
    ELSE (table_name, row_id) IN (SELECT table_name, row_id FROM unproven WHERE table_name <> 'flows') END
