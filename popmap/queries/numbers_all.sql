-- How many flows, categories, vendors, companies and sections a register has.
SELECT (SELECT count(*) FROM flows), (SELECT count(*) FROM category_facts), count(*), count(DISTINCT company), count(DISTINCT section)
FROM vendor_facts
