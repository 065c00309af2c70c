-- What the flows to third countries rest on; a flow that states a mechanism without a country counts too, one inside the area does not.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    vendor || ': ' || transfer_mechanism::VARCHAR AS item, transfer_mechanism IS NOT NULL AS stated, false AS denied
FROM moving WHERE (transfer_state::VARCHAR <> 'inside-eea' OR transfer_mechanism IS NOT NULL) AND {named}
