-- code: retired-vendor-still-receives
-- severity: error
-- table: vendors
-- column: status
-- article: Art. 28(3)(g)
-- title: Retired vendor still receives data
-- why: The vendor is retired or removed, yet the register still shows data going to it. When its services end, a processor deletes or
--   returns all personal data.
-- hint: Remove its rows from flows, or correct status and removed_on in vendors.

SELECT
    v.row_no,
    concat_ws('; ', format('{} {}', f.flows, CASE f.flows WHEN 1 THEN 'flow' ELSE 'flows' END), 'removed on ' || v.removed_on) AS detail
FROM vendors v
JOIN (SELECT vendor_id, sum(flows)::BIGINT AS flows FROM pairs GROUP BY ALL) f ON f.vendor_id = v.vendor_id, settings s
WHERE v.status = 'retired' OR TRY_CAST(v.removed_on AS DATE) <= s.as_of
