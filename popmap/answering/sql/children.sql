-- Categories whose data subjects or taxonomy keys speak of children. A category that states otherwise is a row too, with stated false
--   and "none" for its item.
SELECT 'categories' AS table_name, category_key AS row_id, row_no,
    CASE WHEN len(list_filter(taxonomy_keys, lambda one: starts_with(one, 'user.childrens'))) > 0 OR len(list_filter(data_subjects, lambda one: regexp_matches(lower(one), '\b(child|children|minors?)\b'))) > 0 THEN name WHEN false THEN 'none' END AS item, coalesce(len(list_filter(taxonomy_keys, lambda one: starts_with(one, 'user.childrens'))) > 0 OR len(list_filter(data_subjects, lambda one: regexp_matches(lower(one), '\b(child|children|minors?)\b'))) > 0, false) AS stated
FROM personal
