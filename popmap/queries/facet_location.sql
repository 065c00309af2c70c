-- How many flows are processed in each country; a flow in two countries counts in both.
SELECT unnest(coalesce(s.countries, [NULL])), n.flows
FROM (SELECT f.locations, count(*) AS flows FROM flows f WHERE {where} GROUP BY 1) n
LEFT JOIN location_sets s ON s.locations = n.locations
