-- code: consent-without-condition
-- severity: warning
-- table: flows
-- column: condition
-- article: Art. 7(1)
-- title: Consent without a condition
-- why: The flow rests on consent, and nothing says when or how consent is given. The controller must be able to demonstrate that the
--   data subject has consented.
-- hint: State in flows, column condition, what the consent is given to and how, as published.

SELECT row_no
FROM flows
WHERE legal_basis = 'consent'
  AND condition IS NULL
  AND category_id NOT IN (SELECT category_id FROM categories WHERE personal = 'no')
