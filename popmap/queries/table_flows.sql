-- The flows behind a filter, one page of them; names are looked up for that page only.
WITH page AS (
    SELECT f.* FROM flows f WHERE {where} ORDER BY {order} LIMIT {limit} OFFSET {offset}
)
SELECT
    p.category_id::VARCHAR || '/' || p.vendor_id::VARCHAR || '/' || coalesce(p.purpose::VARCHAR, '') AS row_id,
    c.name AS category, v.name AS vendor, v.company, v.section, v.role,
    p.purpose::VARCHAR AS purpose, coalesce(u.name, p.data_use::VARCHAR) AS data_use, p.legal_basis::VARCHAR AS legal_basis,
    p.condition::VARCHAR AS condition, p.locations::VARCHAR AS locations, p.transfer_mechanism::VARCHAR AS transfer_mechanism,
    p.transfer_state::VARCHAR AS transfer_state, p.transfer_checked_on::VARCHAR AS transfer_checked_on,
    p.retention_period::VARCHAR AS retention_period, p.evidence_status::VARCHAR AS evidence_status, bit_count(p.gaps)::INTEGER AS findings,
    p.category_id::VARCHAR AS category_id, p.vendor_id::VARCHAR AS vendor_id, p.data_use::VARCHAR AS data_use_key,
    i.columns AS inferred, p.notes::VARCHAR AS notes, p.row_no
FROM page p
LEFT JOIN category_facts c ON c.category_id = p.category_id
LEFT JOIN vendor_facts v ON v.vendor_id = p.vendor_id
LEFT JOIN data_uses u ON u.key = p.data_use::VARCHAR
LEFT JOIN flow_inferred i ON i.row_no = p.row_no
ORDER BY {outer_order}
