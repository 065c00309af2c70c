-- Each value of a column of flows and how many flows have it.
SELECT {column}::VARCHAR, {column}::VARCHAR, count(*)
FROM flows
GROUP BY 1
