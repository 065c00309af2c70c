-- The words behind rows: for each the first evidence on the columns that matter, one that is stated before one that is inferred.
SELECT table_name, row_id, row_no, first(quote ORDER BY rank, number), first(locator ORDER BY rank, number)
FROM (
    SELECT e."table" AS table_name, e.row_id, NULL::INTEGER AS row_no, e.quote, e.locator, (e.status = 'inferred')::INTEGER AS rank,
        list_position($proof::VARCHAR[], e."column") AS number
    FROM evidence e WHERE e."table" <> 'flows' AND list_contains($proof::VARCHAR[], e."column") AND list_contains($ids::VARCHAR[], e.row_id)
    UNION ALL
    SELECT 'flows', NULL, q.row_no, q.quote, q.locator, (q.status = 'inferred')::INTEGER, list_position($proof::VARCHAR[], q.column_name)
    FROM flow_quotes q WHERE list_contains($proof::VARCHAR[], q.column_name) AND list_contains($numbers::INTEGER[], q.row_no)
)
WHERE quote IS NOT NULL
GROUP BY ALL
