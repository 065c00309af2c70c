-- How many flows have each value of a column of flows.
SELECT f.{column}::VARCHAR, count(*) FROM flows f WHERE {where} GROUP BY 1
