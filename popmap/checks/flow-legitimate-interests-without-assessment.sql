-- code: flow-legitimate-interests-without-assessment
-- severity: warning
-- table: flows
-- column: legal_basis
-- article: Art. 6(1)(f), Art. 13(1)(d)
-- title: Flow on legitimate interests without an assessment
-- why: The flow rests on legitimate interests, and no activity covering its category says which interests are pursued. They must be
--   weighed against the data subjects' interests, and named in the notice.
-- hint: State legitimate_interest in activities, for an activity that lists this category in category_ids.

SELECT row_no
FROM flows
WHERE legal_basis = 'legitimate-interests'
  AND category_id NOT IN (SELECT category_id FROM categories WHERE personal = 'no')
  AND category_id NOT IN (
      SELECT category_id FROM (SELECT unnest(category_ids) AS category_id FROM activities WHERE legitimate_interest IS NOT NULL)
      WHERE category_id IS NOT NULL
  )
