-- Each data use, its name in the taxonomy and how many flows have it.
SELECT u.cell, coalesce(d.name, u.cell), u.flows
FROM (SELECT data_use::VARCHAR AS cell, flows FROM (SELECT data_use, count(*) AS flows FROM flows GROUP BY 1)) u
LEFT JOIN data_uses d ON d.key = u.cell
