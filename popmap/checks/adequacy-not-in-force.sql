-- code: adequacy-not-in-force
-- severity: error
-- table: flows
-- column: transfer_mechanism
-- article: Art. 45(1)
-- title: No adequacy decision in force
-- why: The flow relies on an adequacy decision (the EU-US Data Privacy Framework is one), but none in force covers all of its
--   countries. The transfer to the others rests on nothing.
-- hint: Correct locations in flows, or state the safeguard used in transfer_mechanism.

SELECT row_no, concat('processed in ', replace(locations::VARCHAR, ';', ', ')) AS detail
FROM flows
WHERE transfer_state = 'no-mechanism'
  AND transfer_mechanism::VARCHAR IN ('adequacy', 'data-privacy-framework')
  AND category_id NOT IN (SELECT category_id FROM categories WHERE personal = 'no')
