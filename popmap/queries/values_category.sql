-- Each category, its name and how many flows it has.
SELECT category_key, name, flows FROM category_facts
