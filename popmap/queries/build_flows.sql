-- Small tables that follow from the flows' own cells and the evidence: flow_evidence says which evidence is about which flow, flow_cells
-- which cells each column has, pair_counts how often each category goes to each vendor.

-- Each distinct list of processing countries, once.
CREATE TABLE location_sets AS
SELECT cell::code_locations AS locations, list_sort(list_distinct(string_split(cell, ';'))) AS countries
FROM flow_cells WHERE column_name = 'locations' AND cell IS NOT NULL;

-- The words each flow rests on, by the flow's row.
CREATE TABLE flow_quotes AS
SELECT f.flow_row AS row_no, e."column" AS column_name, e.status, e.source_id, e.locator, e.quote, e.row_no AS evidence_row
FROM flow_evidence f JOIN evidence e ON e.row_no = f.evidence_row;

-- How often each category goes to each vendor, once for all rules and pages.
CREATE TABLE pairs AS
SELECT category_id::code_category_id AS category_id, vendor_id::code_vendor_id AS vendor_id, flows, unproven FROM pair_counts;
