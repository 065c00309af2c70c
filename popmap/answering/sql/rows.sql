-- The rows an answer rests on, in the order of the register.
WITH {common}, facts AS ({facts})
SELECT table_name, row_id, row_no FROM facts WHERE {which} ORDER BY table_name, row_no LIMIT {limit}
