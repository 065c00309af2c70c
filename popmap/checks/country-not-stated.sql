-- code: country-not-stated
-- severity: warning
-- table: vendors
-- column: country
-- article: Art. 13(1)(f), Art. 30(1)(e)
-- title: Country not stated
-- why: The vendor's head office is not stated. A recipient established outside the European Economic Area makes a disclosure a
--   transfer to a third country.
-- hint: State the ISO country code of the head office in vendors, column country.

SELECT v.row_no
FROM vendors v, settings s
WHERE v.country IS NULL
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
