-- What every answer starts from: vendors that receive data today, personal data only, and each flow of the two.
active AS (
    SELECT w.vendor_key, w.vendor_id, w.name, v.row_no, v.role, v.country, v.section, v.certifications, v.agreement_url, v.agreement_signed_on,
        v.agreement_expires_on, v.reviewed_on
    FROM vendor_facts w LEFT JOIN vendors v ON v.vendor_id = w.vendor_key, settings s
    WHERE coalesce(v.status, '') NOT IN ('retired', 'proposed') AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
),
personal AS (
    SELECT k.category_key, k.category_id, k.name, c.row_no, c.description, c.special_category, c.data_subjects, c.retention_period, c.taxonomy_keys
    FROM category_facts k LEFT JOIN categories c ON c.category_id = k.category_key
    WHERE coalesce(c.personal, '') <> 'no'
),
moving AS (
    SELECT f.*, c.name AS category, c.category_key, v.name AS vendor, v.vendor_key
    FROM flows f JOIN personal c ON c.category_id = f.category_id JOIN active v ON v.vendor_id = f.vendor_id
    WHERE {only}
)
