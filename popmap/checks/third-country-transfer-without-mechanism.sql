-- code: third-country-transfer-without-mechanism
-- severity: error
-- table: flows
-- column: transfer_mechanism
-- article: Art. 44
-- title: Third-country transfer without a mechanism
-- why: The data goes to a country outside the European Economic Area that no adequacy decision covers today, and no safeguard is
--   stated. Such a transfer is not allowed.
-- hint: State transfer_mechanism in flows and the date it was checked in transfer_checked_on, or correct locations.

-- transfer_state knows the EEA and the adequacy decisions in force on the register's date.
SELECT row_no, concat('processed in ', replace(locations::VARCHAR, ';', ', ')) AS detail
FROM flows
WHERE transfer_state = 'no-mechanism'
  AND coalesce(transfer_mechanism::VARCHAR, 'none') NOT IN ('adequacy', 'data-privacy-framework')
  AND category_id NOT IN (SELECT category_id FROM categories WHERE personal = 'no')
