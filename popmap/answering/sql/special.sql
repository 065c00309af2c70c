-- Categories said to be special (Art. 9) or of convictions (Art. 10).
SELECT 'categories' AS table_name, category_key AS row_id, row_no, name AS item,
    coalesce(special_category IN ('art9', 'art10'), false) AS stated,
    coalesce(special_category = 'none', false) AS denied
FROM personal
