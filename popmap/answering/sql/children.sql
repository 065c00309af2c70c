-- Categories whose data subjects or taxonomy keys speak of children.
SELECT 'categories' AS table_name, category_key AS row_id, row_no, name AS item,
    coalesce(len(list_filter(taxonomy_keys, lambda one: starts_with(one, 'user.childrens'))) > 0
        OR len(list_filter(data_subjects, lambda one: regexp_matches(lower(one), '\b(child|children|minors?)\b'))) > 0, false) AS stated,
    coalesce(false, false) AS denied
FROM personal
