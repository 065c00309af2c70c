-- Categories whose name, description or taxonomy keys speak of payment cards.
SELECT 'categories' AS table_name, category_key AS row_id, row_no, name AS item,
    coalesce(list_contains(taxonomy_keys, 'user.financial.credit_card') OR regexp_matches(lower(strip_accents(concat_ws(' ', name, description))),
        '\b((credit|payment|debit|bank) cards?|card (number|data|holder)s?|cardholder)\b'), false) AS stated,
    coalesce(false, false) AS denied
FROM personal
