-- Small tables that the filters and pages join the flows with; run after the gap rules.

CREATE TABLE flows_with_gaps AS
SELECT f.*, coalesce(g.gaps, 0)::UBIGINT AS gaps
FROM flows f LEFT JOIN flow_gaps g ON g.row_no = f.row_no
ORDER BY f.row_no;
DROP TABLE flows;
ALTER TABLE flows_with_gaps RENAME TO flows;
DROP TABLE flow_gaps;

-- Vendors as flows name them: a vendor without a row of its own is shown under its key.
CREATE TABLE vendor_facts AS
SELECT TRY_CAST(k.vendor_id AS code_vendor_id) AS vendor_id, k.vendor_id AS vendor_key, coalesce(v.name, k.vendor_id) AS name,
    v.company, v.section, v.role, v.row_no,
    lower(strip_accents(concat_ws(' ', v.name, v.published_as, v.legal_name, v.company, k.vendor_id,
        (SELECT string_agg(alias, ' ') FROM aliases a WHERE a.kind = 'vendor' AND a.id = k.vendor_id)))) AS search,
    coalesce((SELECT list(DISTINCT rule_no) FROM findings g WHERE g.table_name = 'vendors' AND g.row_no = v.row_no), []) AS rules
FROM (SELECT vendor_id FROM vendors UNION SELECT DISTINCT vendor_id::VARCHAR FROM flows) k
LEFT JOIN vendors v ON v.vendor_id = k.vendor_id;

CREATE TABLE category_facts AS
SELECT TRY_CAST(k.category_id AS code_category_id) AS category_id, k.category_id AS category_key, coalesce(c.name, k.category_id) AS name, c.row_no,
    lower(strip_accents(concat_ws(' ', c.name, k.category_id,
        (SELECT string_agg(alias, ' ') FROM aliases a WHERE a.kind = 'category' AND a.id = k.category_id)))) AS search,
    coalesce((SELECT list(DISTINCT rule_no) FROM findings g WHERE g.table_name = 'categories' AND g.row_no = c.row_no), []) AS rules
FROM (SELECT category_id FROM categories UNION SELECT DISTINCT category_id::VARCHAR FROM flows) k
LEFT JOIN categories c ON c.category_id = k.category_id;

-- A purpose is long; in links it goes by the start of its hash.
CREATE TABLE purposes AS
SELECT purpose, left(sha256(purpose::VARCHAR), 10) AS purpose_key, lower(strip_accents(purpose::VARCHAR)) AS search
FROM (SELECT DISTINCT purpose FROM flows WHERE purpose IS NOT NULL);
