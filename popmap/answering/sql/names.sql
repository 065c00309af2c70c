-- What a question may name: vendors and categories by name, other spelling, legal name and key; a company stands for its vendors.
WITH named AS (
    SELECT 'vendor' AS facet, name, vendor_key AS key FROM vendor_facts
    UNION SELECT 'vendor', vendor_key, vendor_key FROM vendor_facts
    UNION SELECT 'vendor', legal_name, vendor_id FROM vendors
    UNION SELECT 'vendor', company, vendor_id FROM vendors
    UNION SELECT 'category', name, category_key FROM category_facts
    UNION SELECT 'category', category_key, category_key FROM category_facts
    UNION SELECT kind, alias, id FROM aliases WHERE kind IN ('vendor', 'category')
)
SELECT facet, name, key FROM named WHERE name IS NOT NULL AND key IS NOT NULL ORDER BY facet DESC, name, key
