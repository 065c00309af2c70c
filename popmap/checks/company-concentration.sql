-- code: company-concentration
-- severity: note
-- table: vendors
-- column: company
-- article: Art. 32(1)(b)
-- title: One company behind many vendors
-- why: Three or more vendors belong to one company. An outage, a breach or a change of terms there reaches all of them at once.
-- hint: Consider it in the risk assessment; company stands in vendors. Nothing needs to change if the risk is accepted.

-- One finding for each company, at its first vendor.
WITH members AS (
    SELECT v.row_no, v.vendor_id, lower(v.company) AS company
    FROM vendors v, settings s
    WHERE v.company IS NOT NULL
      AND coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
), companies AS (
    SELECT company, min(row_no) AS row_no, count(*) AS vendors FROM members GROUP BY ALL HAVING count(*) >= 3
), reach AS (
    SELECT m.company, count(DISTINCT f.category_id) AS categories
    FROM pairs f
    JOIN members m ON m.vendor_id = f.vendor_id
    WHERE m.company IN (SELECT company FROM companies)
    GROUP BY ALL
)
SELECT
    c.row_no,
    format('{} vendors; together they receive {} of the {} categories sent to vendors',
        c.vendors, coalesce(r.categories, 0), (SELECT count(*) FROM (SELECT DISTINCT category_id FROM pairs))) AS detail
FROM companies c
LEFT JOIN reach r USING (company)
