-- code: privacy-notice-not-stated
-- severity: note
-- table: register
-- column:
-- article: Art. 12(1), Art. 13(1), Art. 14(1)
-- title: Address of the privacy notice not stated
-- why: A controller gives the persons concerned the information of Art. 13 and 14 in an easily accessible form. No source of the register
--   is a privacy notice with an address, so that nobody can be sent to it.
-- hint: Add the published notice to [[sources]] in register.toml with its title and url.

SELECT NULL::INTEGER AS row_no
FROM settings s
WHERE s.privacy_notice IS NULL
  AND coalesce(s.organisation_role, '') <> 'processor'
  AND (EXISTS (SELECT 1 FROM categories) OR EXISTS (SELECT 1 FROM vendors) OR EXISTS (SELECT 1 FROM flows))
