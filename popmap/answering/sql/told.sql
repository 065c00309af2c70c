-- What some rows of an answer say, in the order of the register.
WITH {common}, facts AS ({facts})
SELECT table_name, row_id, row_no, item FROM facts
WHERE {which} AND (table_name, row_no) IN (SELECT unnest($tables::VARCHAR[]), unnest($numbers::INTEGER[]))
ORDER BY table_name, row_no
