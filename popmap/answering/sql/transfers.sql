-- The flows to countries outside the European Economic Area; one that is said to stay inside is a row with "none" for its item.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    CASE WHEN transfer_state::VARCHAR = 'location-not-stated' THEN NULL WHEN transfer_state::VARCHAR = 'inside-eea' THEN 'none'
         ELSE vendor || ': ' || replace(locations::VARCHAR, ';', ', ') || coalesce(' (' || transfer_mechanism::VARCHAR || ')', '') END AS item,
    transfer_state::VARCHAR NOT IN ('location-not-stated', 'inside-eea') AS stated
FROM moving WHERE {named}
