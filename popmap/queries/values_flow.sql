-- Each value of a column of flows and how many flows have it. Counted by code first: a code is quicker than its text.
SELECT n.value::VARCHAR, n.value::VARCHAR, n.flows
FROM (SELECT {column} AS value, count(*) AS flows FROM flows GROUP BY 1) n
