-- code: role-not-stated
-- severity: warning
-- table: vendors
-- column: role
-- article: Art. 4(7), Art. 4(8)
-- title: Role not stated
-- why: Whether a vendor is a processor, a sub-processor or a controller decides which agreement it needs and who answers to data
--   subjects.
-- hint: State processor, sub-processor, joint-controller or independent-controller in vendors, column role.

SELECT v.row_no
FROM vendors v, settings s
WHERE v.role IS NULL
  AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
