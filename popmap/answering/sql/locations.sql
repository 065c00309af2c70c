-- The countries where vendors process the data.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    vendor || ': ' || replace(locations::VARCHAR, ';', ', ') AS item, locations IS NOT NULL AS stated, false AS denied
FROM moving WHERE {named}
