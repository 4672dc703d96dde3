-- change: sdk_removed
-- theme: whose
-- effect: less
-- severity: info
-- title.en: Code of somebody else is gone from an app
-- title.nl: Code van een ander is weg uit een app
-- says.en: {who} does not hold code of {sdk} any more
-- says.nl: {who} bevat geen code van {sdk} meer
-- why.en: One party fewer.
-- why.nl: Een partij minder.
-- words: who
WITH o AS (SELECT * FROM old_foreign_code), n AS (SELECT * FROM new_foreign_code)
SELECT trim(o.actor || ' ' || o.name) AS subject, CASE o.actor WHEN '' THEN 'A file of nobody known' ELSE o.actor END AS who, o.name AS sdk, o.name AS before, NULL AS after, o.f AS before_fact
FROM o LEFT JOIN n ON o.actor = n.actor AND o.name = n.name WHERE n.actor IS NULL
