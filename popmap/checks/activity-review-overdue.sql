-- code: activity-review-overdue
-- severity: warning
-- table: activities
-- column: reviewed_on
-- article: Art. 24(1)
-- title: Review of an activity overdue
-- why: Measures must be reviewed and updated where necessary. The last review of this processing activity is longer ago than the
--   review period.
-- hint: Review the activity and state the date in activities, column reviewed_on; the period stands in register.toml.

SELECT row_no, format('last reviewed {} days ago', s.as_of - TRY_CAST(reviewed_on AS DATE)) AS detail
FROM activities, settings s
WHERE TRY_CAST(reviewed_on AS DATE) < s.as_of - s.review_days
