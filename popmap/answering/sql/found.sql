-- For each table of an answer: its rows, how many of them state something or say that there is none, and the first rows of either kind.
-- One pass: there may be millions of rows.
WITH {common}, facts AS ({facts})
SELECT table_name, count(*), count(*) FILTER (stated), count(*) FILTER (denied), min(row_no, {limit}) FILTER (stated),
    min(row_no, {limit}) FILTER (denied)
FROM facts GROUP BY table_name ORDER BY table_name
