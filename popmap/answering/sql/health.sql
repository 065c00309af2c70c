-- Special categories whose taxonomy keys speak of health. A category that states otherwise is a row too, with stated false and "none"
--   for its item.
SELECT 'categories' AS table_name, category_key AS row_id, row_no,
    CASE WHEN special_category = 'art9' AND len(list_filter(taxonomy_keys, lambda one: starts_with(one, 'user.health_and_medical') OR one = 'user.biometric.health')) > 0 THEN name WHEN special_category = 'none' THEN 'none' END AS item, coalesce(special_category = 'art9' AND len(list_filter(taxonomy_keys, lambda one: starts_with(one, 'user.health_and_medical') OR one = 'user.biometric.health')) > 0, false) AS stated
FROM personal
