-- One sample flow and its evidence for each band of the data map, by row number.
SELECT f.row_no, f.purpose::VARCHAR, f.legal_basis::VARCHAR, f.condition::VARCHAR, q.quote, q.locator, q.status
FROM flows f
LEFT JOIN (
    SELECT row_no, any_value(quote) AS quote, any_value(locator) AS locator, any_value(status) AS status
    FROM flow_quotes WHERE coalesce(column_name, 'purpose') = 'purpose' GROUP BY 1
) q ON q.row_no = f.row_no
WHERE f.row_no IN (SELECT unnest($rows::INTEGER[]))
ORDER BY f.row_no
