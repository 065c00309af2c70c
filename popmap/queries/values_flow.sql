-- Each value of a column of flows and how many flows have it.
SELECT cell, cell, flows FROM flow_cells WHERE column_name = '{column}'
