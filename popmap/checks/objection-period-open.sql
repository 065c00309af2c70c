-- code: objection-period-open
-- severity: note
-- table: vendors
-- column: added_on
-- article: Art. 28(2)
-- title: Objection period open
-- why: Customers must be told of a new sub-processor and may object. The objection period of this vendor has not ended.
-- hint: Nothing, once customers were told; the period stands in register.toml, the date in vendors, column added_on.

SELECT v.row_no, format('until {}', TRY_CAST(v.added_on AS DATE) + s.objection_days) AS detail
FROM vendors v, settings s
WHERE s.objection_days IS NOT NULL
  AND coalesce(v.role, 'sub-processor') = 'sub-processor'
  AND s.as_of BETWEEN TRY_CAST(v.added_on AS DATE) AND TRY_CAST(v.added_on AS DATE) + s.objection_days
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
