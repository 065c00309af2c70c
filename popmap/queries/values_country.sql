-- Each processing country, its name and how many flows it has; a flow in two countries counts in both.
SELECT u.cell, coalesce(n.name, u.cell), u.flows
FROM (
    SELECT unnest(s.countries) AS cell, sum(f.flows)::BIGINT AS flows
    FROM flow_cells f JOIN location_sets s ON s.locations::VARCHAR = f.cell
    WHERE f.column_name = 'locations' GROUP BY 1
) u
LEFT JOIN countries n ON n.country = u.cell
UNION ALL
SELECT NULL, NULL, flows FROM flow_cells WHERE column_name = 'locations' AND cell IS NULL
