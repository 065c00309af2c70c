-- What the flows to a country rest on; a flow that states other countries only is none of them.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    vendor || ': ' || transfer_mechanism::VARCHAR AS item,
    transfer_mechanism IS NOT NULL AND coalesce(list_has_any(string_split(locations::VARCHAR, ';'), $country::VARCHAR[]), false) AS stated,
    NOT list_has_any(string_split(locations::VARCHAR, ';'), $country::VARCHAR[]) AS denied
FROM moving WHERE {named}
