-- Each value of a column of vendors and how many flows go to vendors that have it.
SELECT {column}, {column}, sum(flows)::BIGINT FROM vendor_facts GROUP BY 1
