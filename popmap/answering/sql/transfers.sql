-- The flows to countries outside the European Economic Area, and those that are said to stay inside.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    vendor || ': ' || replace(locations::VARCHAR, ';', ', ') || coalesce(' (' || transfer_mechanism::VARCHAR || ')', '') AS item,
    transfer_state NOT IN ('location-not-stated', 'inside-eea') AS stated, transfer_state = 'inside-eea' AS denied
FROM moving WHERE {named}
