-- Each vendor, its name and how many flows go to it.
SELECT vendor_key, name, flows FROM vendor_facts
