-- Small tables that the filters and pages join the flows with; run after the gap rules.

-- The gaps of each category's flows to each vendor beside their number; pair_gaps has them in the pairs' order.
CREATE TABLE marked_pairs AS
SELECT p.category_id, p.vendor_id, p.flows, g.gaps, p.unproven FROM pairs p POSITIONAL JOIN pair_gaps g;
DROP TABLE pairs;
ALTER TABLE marked_pairs RENAME TO pairs;

-- Categories as flows name them.
CREATE TABLE category_facts AS
SELECT TRY_CAST(k.category_id AS code_category_id) AS category_id, k.category_id AS category_key, coalesce(c.name, k.category_id) AS name, c.row_no,
    lower(strip_accents(concat_ws(' ', c.name, k.category_id,
        (SELECT string_agg(alias, ' ') FROM aliases a WHERE a.kind = 'category' AND a.id = k.category_id)))) AS search,
    coalesce((SELECT list(DISTINCT rule_no) FROM findings g WHERE g.table_name = 'categories' AND g.row_no = c.row_no), []) AS rules,
    coalesce(n.flows, 0)::INTEGER AS flows, coalesce(n.vendors, 0)::INTEGER AS vendors, coalesce(n.gaps, 0)::UBIGINT AS gaps
FROM (SELECT category_id FROM categories UNION SELECT DISTINCT category_id::VARCHAR FROM pairs) k
LEFT JOIN categories c ON c.category_id = k.category_id
LEFT JOIN (SELECT category_id, sum(flows) AS flows, count(*) AS vendors, bit_or(gaps) AS gaps FROM pairs GROUP BY 1) n
    ON n.category_id = TRY_CAST(k.category_id AS code_category_id);

-- Vendors as flows name them: a vendor without a row of its own is shown under its key.
CREATE TABLE vendor_facts AS
SELECT TRY_CAST(k.vendor_id AS code_vendor_id) AS vendor_id, k.vendor_id AS vendor_key, coalesce(v.name, k.vendor_id) AS name,
    v.company, v.section, v.role, v.row_no,
    lower(strip_accents(concat_ws(' ', v.name, v.published_as, v.legal_name, v.company, k.vendor_id,
        (SELECT string_agg(alias, ' ') FROM aliases a WHERE a.kind = 'vendor' AND a.id = k.vendor_id)))) AS search,
    coalesce((SELECT list(DISTINCT rule_no) FROM findings g WHERE g.table_name = 'vendors' AND g.row_no = v.row_no), []) AS rules,
    coalesce(n.flows, 0)::INTEGER AS flows, coalesce(n.categories, 0)::INTEGER AS categories, coalesce(n.gaps, 0)::UBIGINT AS gaps, n.category_names
FROM (SELECT vendor_id FROM vendors UNION SELECT DISTINCT vendor_id::VARCHAR FROM pairs) k
LEFT JOIN vendors v ON v.vendor_id = k.vendor_id
LEFT JOIN (
    SELECT p.vendor_id, sum(p.flows) AS flows, count(*) AS categories, bit_or(p.gaps) AS gaps,
        string_agg(c.name, '; ' ORDER BY c.name) AS category_names
    FROM pairs p JOIN category_facts c ON c.category_id = p.category_id GROUP BY 1
) n ON n.vendor_id = TRY_CAST(k.vendor_id AS code_vendor_id);

-- A purpose is long; in links it goes by the start of its hash.
CREATE TABLE purposes AS
SELECT cell::code_purpose AS purpose, left(sha256(cell), 10) AS purpose_key, lower(strip_accents(cell)) AS search
FROM flow_cells WHERE column_name = 'purpose' AND cell IS NOT NULL;

-- The cells that someone inferred: no source states them, and every page and file says so.
CREATE TABLE inferred AS
SELECT "table" AS table_name, row_id, string_agg(DISTINCT "column", '; ' ORDER BY "column") AS columns
FROM evidence WHERE status = 'inferred' AND "column" IS NOT NULL AND "table" <> 'flows' GROUP BY ALL;

CREATE TABLE flow_inferred AS
SELECT row_no, string_agg(DISTINCT column_name, '; ' ORDER BY column_name) AS columns
FROM flow_quotes WHERE status = 'inferred' AND column_name IS NOT NULL GROUP BY 1;
