-- Each processing country, its name and how many flows it has; a flow in two countries counts in both.
SELECT u.cell, coalesce(n.name, u.cell), u.flows
FROM (
    SELECT unnest(s.countries) AS cell, sum(f.flows)::BIGINT AS flows
    FROM (SELECT locations, count(*) AS flows FROM flows WHERE locations IS NOT NULL GROUP BY 1) f
    JOIN location_sets s ON s.locations = f.locations GROUP BY 1
) u
LEFT JOIN countries n ON n.country = u.cell
UNION ALL
SELECT NULL, NULL, count(*) FROM flows WHERE locations IS NULL HAVING count(*) > 0
