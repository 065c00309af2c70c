-- code: data-protection-officer-not-stated
-- severity: note
-- table: register
-- column:
-- article: Art. 13(1)(b), Art. 30(1)(a), Art. 37(7)
-- title: Contact of the data protection officer not stated
-- why: Where a data protection officer is designated, the contact is published, told to the authority and part of the record of
--   processing activities. The register states none, nor that none is needed.
-- hint: State name and contact under [data_protection_officer] in register.toml; where none had to be designated (Art. 37(1)), say so in
--   the contact.

SELECT NULL::INTEGER AS row_no
FROM settings s
WHERE s.officer_contact IS NULL
  AND (EXISTS (SELECT 1 FROM categories) OR EXISTS (SELECT 1 FROM vendors) OR EXISTS (SELECT 1 FROM flows))
