-- The vendors behind a filter, with what they receive; a vendor that flows name and vendors.csv does not is among them.
WITH shown AS (
    SELECT v.* FROM vendor_facts v WHERE {where}
)
SELECT
    s.vendor_key AS vendor_id, s.name, v.published_as, v.legal_name, v.company, v.section, v.role, v.country,
    s.categories, s.category_names, s.flows, (len(s.rules) + bit_count(s.gaps))::INTEGER AS findings,
    v.website, v.agreement_url, v.agreement_signed_on, v.agreement_expires_on, v.subprocessors_url,
    array_to_string(v.certifications, '; ') AS certifications, v.status, v.added_on, v.removed_on, v.reviewed_on, i.columns AS inferred, v.notes, s.row_no
FROM shown s
LEFT JOIN vendors v ON v.vendor_id = s.vendor_key
LEFT JOIN inferred i ON i.table_name = 'vendors' AND i.row_id = s.vendor_key
ORDER BY {order} LIMIT {limit} OFFSET {offset}
