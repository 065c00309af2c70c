-- Each data use, its name in the taxonomy and how many flows have it.
SELECT u.cell, coalesce(d.name, u.cell), u.flows
FROM flow_cells u LEFT JOIN data_uses d ON d.key = u.cell
WHERE u.column_name = 'data_use'
