-- Each purpose, how many flows have it, and its key in links; the most frequent ones.
SELECT f.cell, f.cell, f.flows, p.purpose_key
FROM (SELECT cell, flows FROM flow_cells WHERE column_name = 'purpose' ORDER BY flows DESC, cell LIMIT 5000) f
LEFT JOIN purposes p ON p.purpose::VARCHAR = f.cell
