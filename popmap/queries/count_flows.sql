-- How many flows are behind a filter.
SELECT count(*) FROM flows f WHERE {where}
