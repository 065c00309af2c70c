-- Flows whose purpose or data use is of the kind asked for.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    vendor || ': ' || purpose::VARCHAR AS item, true AS stated, false AS denied
FROM moving m
WHERE m.purpose IN (SELECT p.purpose FROM purposes p WHERE regexp_matches(p.search, $words))
   OR m.data_use::VARCHAR IN (SELECT u.data_use FROM (SELECT DISTINCT data_use::VARCHAR AS data_use FROM flows) u
        WHERE list_contains($uses::VARCHAR[], u.data_use) OR len(list_filter($uses::VARCHAR[], lambda one: starts_with(u.data_use, one || '.'))) > 0)
