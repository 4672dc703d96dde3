-- change: component_closed
-- theme: doors
-- effect: less
-- severity: info
-- title.en: A part of an app is not open to every app any more
-- title.nl: Een deel van een app staat niet meer open voor elke app
-- says.en: Not every app can reach the {kind} {class} of {app} any more; now: {after}
-- says.nl: Niet elke app kan nog bij de {kind} {class} van {app}; nu: {after}
-- why.en: A door was closed or taken away.
-- why.nl: Een deur is dicht of weggehaald.
-- words: kind before after
WITH o AS (SELECT * FROM old_part), n AS (SELECT * FROM new_part)
SELECT o.app || ' ' || o.class AS subject, o.app, o.kind, o.class, 'open' AS before, CASE WHEN n.app IS NULL THEN 'not there' WHEN n.open = 1 THEN 'switched off' WHEN n.exported = 1 THEN 'asks ' || coalesce(n.permission, n.r, n.w, '?') ELSE 'not exported' END AS after,
       CASE WHEN o.kind = 'provider' THEN 60 WHEN o.kind IN ('receiver', 'service') THEN 55 ELSE 10 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM o LEFT JOIN n ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE o.open = 1 AND coalesce(o.enabled, 1) = 1 AND (n.app IS NULL OR n.open = 0 OR coalesce(n.enabled, 1) = 0)
