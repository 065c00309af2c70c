-- How many flows, categories, vendors, companies and sections are behind a filter.
SELECT coalesce(sum(n.flows), 0)::BIGINT, count(DISTINCT n.category_id), count(DISTINCT n.vendor_id), count(DISTINCT v.company), count(DISTINCT v.section)
FROM (SELECT f.category_id, f.vendor_id, count(*) AS flows FROM flows f WHERE {where} GROUP BY ALL) n
LEFT JOIN vendor_facts v ON v.vendor_id = n.vendor_id
