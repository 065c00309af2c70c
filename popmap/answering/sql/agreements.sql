-- The data processing agreements with vendors that are not said to be controllers of their own; one that has ended does not count.
SELECT 'vendors' AS table_name, vendor_key AS row_id, row_no,
    name || ': ' || concat_ws(', ', agreement_signed_on, agreement_url, '→ ' || agreement_expires_on) AS item,
    (agreement_url IS NOT NULL OR agreement_signed_on IS NOT NULL) AND coalesce(TRY_CAST(agreement_expires_on AS DATE) >= s.as_of, true) AS stated, false AS denied
FROM active, settings s WHERE coalesce(role, '') NOT IN ('joint-controller', 'independent-controller') AND {named}
