-- change: sdk_added
-- theme: whose
-- effect: more
-- severity: low
-- title.en: Code of somebody else is new in an app
-- title.nl: Code van een ander is nieuw in een app
-- says.en: {who} holds code of {sdk}{owner}
-- says.nl: {who} bevat code van {sdk}{owner}
-- why.en: One more party whose code runs with the app's rights; that it is there says neither that it runs nor that it sends.
-- why.nl: Een partij meer wier code met de rechten van de app draait; dat ze er is zegt niet dat ze draait of iets stuurt.
WITH o AS MATERIALIZED (SELECT DISTINCT coalesce(ap.name, '') AS actor, s.name FROM old_sdk s LEFT JOIN actor_pair ap ON ap.before_id = s.actor_id),
     n AS MATERIALIZED (SELECT coalesce(ap.name, '') AS actor, s.name, max(s.owner) AS owner, max(s.country) AS country, min(s.fact_id) AS f FROM new_sdk s LEFT JOIN actor_pair ap ON ap.after_id = s.actor_id GROUP BY 1, 2)
SELECT trim(n.actor || ' ' || n.name) AS subject, CASE n.actor WHEN '' THEN 'A file of nobody known' ELSE n.actor END AS who, n.name AS sdk, coalesce(' (' || n.owner || coalesce(', ' || n.country, '') || ')', '') AS owner, NULL AS before, n.name AS after, n.f AS after_fact
FROM n LEFT JOIN o ON o.actor = n.actor AND o.name = n.name WHERE o.actor IS NULL
