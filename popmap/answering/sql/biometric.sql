-- Special categories whose taxonomy keys speak of biometric or genetic data.
SELECT 'categories' AS table_name, category_key AS row_id, row_no, name AS item,
    coalesce(special_category = 'art9' AND len(list_filter(taxonomy_keys,
        lambda one: starts_with(one, 'user.biometric') OR one IN ('user.authorization.biometric', 'user.health_and_medical.genetic'))) > 0, false) AS stated,
    coalesce(special_category = 'none', false) AS denied
FROM personal
