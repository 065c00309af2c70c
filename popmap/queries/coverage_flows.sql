-- How many flows there are, and how many state their purpose, legal basis and countries and rest on evidence.
SELECT count(*), count(f.purpose), count(f.legal_basis), count(f.locations), count(*) FILTER (WHERE f.evidence_status <> 'none')
FROM flows f WHERE {where}
