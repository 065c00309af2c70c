-- The flows that state a country among those they are processed in, and those that state others only.
SELECT 'flows' AS table_name, category_key || '/' || vendor_key || '/' || coalesce(purpose::VARCHAR, '') AS row_id, row_no,
    vendor || ': ' || replace(locations::VARCHAR, ';', ', ') || coalesce(' (' || transfer_mechanism::VARCHAR || ')', '') AS item,
    coalesce(list_has_any(string_split(locations::VARCHAR, ';'), $country::VARCHAR[]), false) AS stated,
    NOT list_has_any(string_split(locations::VARCHAR, ';'), $country::VARCHAR[]) AS denied
FROM moving WHERE {named}
