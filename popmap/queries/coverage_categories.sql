-- How many categories there are, and how many state their data subjects and retention period.
SELECT count(*), count(k.data_subjects), count(k.retention_period)
FROM category_facts c LEFT JOIN categories k ON k.category_id = c.category_key WHERE {where}
