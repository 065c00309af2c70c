-- Categories whose name, description or taxonomy keys speak of payment cards. A category that states otherwise is a row too, with stated
--   false and "none" for its item.
SELECT 'categories' AS table_name, category_key AS row_id, row_no,
    CASE WHEN len(list_filter(taxonomy_keys, lambda one: one = 'user.financial.credit_card')) > 0 OR regexp_matches(lower(strip_accents(concat_ws(' ', name, description))), '\b((credit|payment|debit|bank) cards?|card (number|data|holder)s?|cardholder)\b') THEN name WHEN false THEN 'none' END AS item, coalesce(len(list_filter(taxonomy_keys, lambda one: one = 'user.financial.credit_card')) > 0 OR regexp_matches(lower(strip_accents(concat_ws(' ', name, description))), '\b((credit|payment|debit|bank) cards?|card (number|data|holder)s?|cardholder)\b'), false) AS stated
FROM personal
