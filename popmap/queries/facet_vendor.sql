-- How many flows go to vendors with each value of a column.
SELECT v.{column}, sum(n.flows)::BIGINT
FROM (SELECT f.vendor_id, count(*) AS flows FROM flows f WHERE {where} GROUP BY 1) n
LEFT JOIN vendor_facts v ON v.vendor_id = n.vendor_id
GROUP BY 1
