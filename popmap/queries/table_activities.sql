-- The processing activities that concern the categories and vendors behind a filter; all of them when nothing is asked for.
SELECT a.activity_id, a.name, a.role, a.purpose, a.legal_basis, a.legitimate_interest, array_to_string(a.category_ids, '; ') AS category_ids,
    array_to_string(a.vendor_ids, '; ') AS vendor_ids, array_to_string(a.data_subjects, '; ') AS data_subjects, a.retention_period, a.measures,
    a.automated_decisions, a.impact_assessment, a.source_of_data, a.owner, a.reviewed_on, i.columns AS inferred, a.notes, a.row_no
FROM activities a
LEFT JOIN inferred i ON i.table_name = 'activities' AND i.row_id = a.activity_id
WHERE {where}
ORDER BY {order} LIMIT {limit} OFFSET {offset}
