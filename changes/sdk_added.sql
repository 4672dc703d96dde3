-- change: sdk_added
-- theme: whose
-- effect: more
-- severity: low
-- title.en: Code of somebody else is new in an app
-- title.nl: Code van een ander is nieuw in een app
-- says.en: {who} holds code of {sdk}{owner}, for {category}
-- says.nl: {who} bevat code van {sdk}{owner}, voor {category}
-- why.en: One more party whose code runs with the app's rights; that it is there says neither that it runs nor that it sends.
-- why.nl: Een partij meer wier code met de rechten van de app draait; dat ze er is zegt niet dat ze draait of iets stuurt.
-- words: who category
WITH o AS (SELECT * FROM old_foreign_code), n AS (SELECT * FROM new_foreign_code)
SELECT trim(n.actor || ' ' || n.name) AS subject, CASE n.actor WHEN '' THEN 'A file of nobody known' ELSE n.actor END AS who, n.name AS sdk, coalesce(n.category, 'a library') AS category,
       CASE WHEN n.category IN ('remote control', 'data collection') THEN 'high' WHEN n.owner IS NULL THEN 'info' WHEN n.category = 'update' OR p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%' THEN 'medium' ELSE 'low' END AS severity,
       CASE n.category WHEN 'remote control' THEN 68 WHEN 'data collection' THEN 67 ELSE 10 END AS weight, coalesce(' (' || n.owner || coalesce(', ' || n.country, '') || ')', '') AS owner, NULL AS before, n.name AS after, n.f AS after_fact
FROM n LEFT JOIN new_package p ON p.package_id = n.actor_id LEFT JOIN o ON o.actor = n.actor AND o.name = n.name WHERE o.actor IS NULL
