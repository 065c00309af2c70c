-- code: objection-period-not-stated
-- severity: note
-- table: register
-- column:
-- article: Art. 28(2)
-- title: Objection period not stated
-- why: A processor with a general authorisation tells its customers of a new sub-processor before it is engaged, so that they may object.
--   The register does not say how long they have.
-- hint: State objection_period_days in register.toml, as the contracts with customers have it.

SELECT NULL::INTEGER AS row_no
FROM settings s
WHERE s.objection_days IS NULL
  AND coalesce(s.organisation_role, '') NOT IN ('controller', 'joint-controller')
  AND EXISTS (
      SELECT 1 FROM vendors v
      WHERE coalesce(v.role, 'sub-processor') IN ('processor', 'sub-processor')
        AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
  )
