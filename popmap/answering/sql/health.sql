-- Special categories whose taxonomy keys speak of health.
SELECT 'categories' AS table_name, category_key AS row_id, row_no, name AS item,
    coalesce(special_category = 'art9'
        AND len(list_filter(taxonomy_keys, lambda one: starts_with(one, 'user.health_and_medical') OR one = 'user.biometric.health')) > 0, false) AS stated,
    coalesce(special_category = 'none', false) AS denied
FROM personal
