-- Categories said to be special (Art. 9) or of convictions (Art. 10). A category that states otherwise is a row too, with stated false
--   and "none" for its item.
SELECT 'categories' AS table_name, category_key AS row_id, row_no,
    CASE WHEN special_category IN ('art9', 'art10') THEN name WHEN special_category = 'none' THEN 'none' END AS item, coalesce(special_category IN ('art9', 'art10'), false) AS stated
FROM personal
