-- code: likely-duplicate-vendors
-- severity: note
-- table: vendors
-- column: name
-- article: Art. 30(1)(d)
-- title: Likely duplicate vendors
-- why: Two rows look like one vendor: the same name but for spelling, or the same website. Doubles hide how much one recipient gets,
--   and one of them goes stale.
-- hint: Keep one row in vendors and add the other name to aliases; if both are right, state company and the published name in
--   published_as.

-- Each vendor is compared with its neighbours in two sorted lists, not with every other vendor: 10,000 vendors stay quick.
WITH words AS (
    -- Lower case, no accents, no final .com, no dots inside S.A.S., other punctuation a space.
    SELECT
        v.row_no, v.vendor_id, coalesce(v.name, v.vendor_id) AS label, v.published_as, lower(v.company) AS company,
        regexp_replace(
            regexp_replace(
                regexp_replace(lower(strip_accents(coalesce(v.name, ''))), '\.(com|io|net|org|co|ai|app|dev|eu)$', ''),
                '[.''’]', '', 'g'),
            '[^\p{L}\p{N}]+', ' ', 'g') AS text,
        nullif(regexp_replace(regexp_extract(lower(coalesce(v.website, '')), '^https?://([^/:?#]+)', 1), '^www\.', ''), '') AS host
    FROM vendors v, settings s
    WHERE coalesce(v.status, '') <> 'retired' AND coalesce(TRY_CAST(v.removed_on AS DATE) > s.as_of, true)
), suffixless AS (
    SELECT * EXCLUDE (text), replace(regexp_replace(trim(text),
        '( (inc|incorporated|llc|llp|lp|ltd|limited|plc|pbc|pty|pte|corp|corporation|co|company|gmbh|mbh|ag|kg|ug|se|sa|sas|sasu'
        || '|sarl|srl|spa|bv|nv|ab|as|asa|aps|oy|oyj|kft|zrt|doo|sro|kk|holding|holdings))+$', ''), ' ', '') AS name
    FROM words
), named AS (
    -- Digits tell services apart ("Region 1", "Region 2"), so they must agree; so must the first two letters, or the last two.
    SELECT *, regexp_replace(name, '\P{N}', '', 'g') AS digits FROM suffixless
), lists AS (
    SELECT *, 'start' AS kind, name[:2] || digits AS block, row_number() OVER (PARTITION BY name[:2], digits ORDER BY name, row_no) AS place
    FROM named WHERE name <> ''
    UNION ALL
    SELECT *, 'end', name[-2:] || digits, row_number() OVER (PARTITION BY name[-2:], digits ORDER BY reverse(name), row_no)
    FROM named WHERE name <> ''
    UNION ALL
    SELECT *, 'website', host, row_number() OVER (PARTITION BY host ORDER BY row_no)
    FROM named WHERE host IS NOT NULL
), pairs AS (
    SELECT
        greatest(a.row_no, b.row_no) AS row_no,
        CASE WHEN a.row_no < b.row_no THEN a.row_no ELSE b.row_no END AS other_row,
        CASE WHEN a.row_no < b.row_no THEN a.label ELSE b.label END AS other,
        CASE WHEN a.kind = 'website' THEN 3 WHEN a.name = b.name THEN 1 ELSE 2 END AS reason
    FROM (SELECT *, unnest(range(1, 41)) AS step FROM lists) a
    JOIN lists b ON b.kind = a.kind AND b.block = a.block AND b.place = a.place + a.step
    WHERE CASE WHEN a.kind = 'website'
          -- Services of one stated company share its site; so do different stated companies on a site that hosts others.
          THEN a.company IS NULL OR b.company IS NULL
          -- "Google Analytics, Tag Manager": one published row, two services of one stated company.
          ELSE NOT coalesce(a.company = b.company AND a.published_as = b.published_as, false)
              AND (a.name = b.name OR (least(length(a.name), length(b.name)) >= 5 AND jaro_winkler_similarity(a.name, b.name) >= 0.94))
          END
)
SELECT
    row_no,
    format('{} as "{}", row {}', ['same name', 'similar name', 'same website'][arg_min(reason, (reason, other_row))],
        arg_min(other, (reason, other_row)), arg_min(other_row, (reason, other_row))) AS detail
FROM pairs
GROUP BY row_no
