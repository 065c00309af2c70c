-- Each purpose, how many flows have it, and its key in links; the most frequent ones.
SELECT f.purpose::VARCHAR, f.purpose::VARCHAR, f.flows, p.purpose_key
FROM (SELECT purpose, count(*) AS flows FROM flows GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5000) f
LEFT JOIN purposes p ON p.purpose = f.purpose
