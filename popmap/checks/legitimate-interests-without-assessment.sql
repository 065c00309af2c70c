-- code: legitimate-interests-without-assessment
-- severity: warning
-- table: activities
-- column: legitimate_interest
-- article: Art. 6(1)(f), Art. 13(1)(d)
-- title: Legitimate interests without an assessment
-- why: The activity rests on legitimate interests without saying which. They must be weighed against the data subjects' interests, and
--   named in the notice.
-- hint: State the interest pursued and its assessment in activities, column legitimate_interest.

SELECT row_no FROM activities WHERE legal_basis = 'legitimate-interests' AND legitimate_interest IS NULL
