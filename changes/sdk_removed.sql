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
WITH n AS MATERIALIZED (SELECT DISTINCT coalesce(ap.name, '') AS actor, s.name FROM new_sdk s LEFT JOIN actor_pair ap ON ap.after_id = s.actor_id),
     o AS MATERIALIZED (SELECT coalesce(ap.name, '') AS actor, s.name, min(s.fact_id) AS f FROM old_sdk s LEFT JOIN actor_pair ap ON ap.before_id = s.actor_id GROUP BY 1, 2)
SELECT trim(o.actor || ' ' || o.name) AS subject, CASE o.actor WHEN '' THEN 'A file of nobody known' ELSE o.actor END AS who, o.name AS sdk, o.name AS before, NULL AS after, o.f AS before_fact
FROM o LEFT JOIN n ON o.actor = n.actor AND o.name = n.name WHERE n.actor IS NULL
