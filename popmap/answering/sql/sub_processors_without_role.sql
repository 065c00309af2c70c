-- How many vendors that receive data have no role.
WITH {common} SELECT count(*) FROM active WHERE role IS NULL
