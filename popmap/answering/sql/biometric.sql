-- Special categories whose taxonomy keys speak of biometric or genetic data. A category that states otherwise is a row too, with stated
--   false and "none" for its item.
SELECT 'categories' AS table_name, category_key AS row_id, row_no,
    CASE WHEN special_category = 'art9' AND len(list_filter(taxonomy_keys, lambda one: starts_with(one, 'user.biometric') OR one IN ('user.authorization.biometric', 'user.health_and_medical.genetic'))) > 0 THEN name WHEN special_category = 'none' THEN 'none' END AS item, coalesce(special_category = 'art9' AND len(list_filter(taxonomy_keys, lambda one: starts_with(one, 'user.biometric') OR one IN ('user.authorization.biometric', 'user.health_and_medical.genetic'))) > 0, false) AS stated
FROM personal
