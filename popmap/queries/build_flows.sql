-- Small tables that follow from the flows' own cells and the evidence; flow_evidence says which evidence is about which flow.

-- Each distinct list of processing countries, once.
CREATE TABLE location_sets AS
SELECT locations, list_sort(list_distinct(string_split(locations::VARCHAR, ';'))) AS countries
FROM (SELECT DISTINCT locations FROM flows WHERE locations IS NOT NULL);

-- The words each flow rests on, by the flow's row.
CREATE TABLE flow_quotes AS
SELECT f.flow_row AS row_no, e."column" AS column_name, e.status, e.source_id, e.locator, e.quote, e.row_no AS evidence_row
FROM flow_evidence f JOIN evidence e ON e.row_no = f.evidence_row;
