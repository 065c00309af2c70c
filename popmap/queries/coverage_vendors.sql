-- How many vendors there are, and how many state their role, head office and data processing agreement.
SELECT count(*), count(v.role), count(w.country), count(coalesce(w.agreement_url, w.agreement_signed_on))
FROM vendor_facts v LEFT JOIN vendors w ON w.vendor_id = v.vendor_key WHERE {where}
