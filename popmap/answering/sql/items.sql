-- What the rows of an answer say, each once, in the order of the register.
WITH {common}, facts AS ({facts})
SELECT item, count(*) FROM facts WHERE stated AND item IS NOT NULL GROUP BY item ORDER BY min(table_name), min(row_no), item LIMIT {limit}
