-- The taxonomy keys of each category.
SELECT category_id::VARCHAR AS category_key, unnest(taxonomy_keys) AS taxonomy_key FROM categories
