-- code: activity-legal-basis-not-stated
-- severity: error
-- table: activities
-- column: legal_basis
-- article: Art. 6(1), Art. 13(1)(c)
-- title: Activity without a legal basis
-- why: Processing is lawful only on one of the six bases of Art. 6(1), and the notice must name it. This processing activity names
--   none.
-- hint: State legal_basis in activities.

-- A processor acts on the controller's basis (Art. 28(3)(a)); its own record under Art. 30(2) names none.
SELECT row_no FROM activities WHERE legal_basis IS NULL AND coalesce(role, '') <> 'processor'
