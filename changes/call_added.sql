-- change: call_added
-- theme: code
-- effect: more
-- severity: info
-- title.en: An app has more code that uses a power
-- title.nl: Een app heeft meer code die een macht gebruikt
-- says.en: {app} calls {callee}{with} in {place}
-- says.nl: {app} roept {callee}{with} aan in {place}
-- why.en: Code that is able to {power}. That it stands there does not show that it runs.
-- why.nl: Code waarmee dit kan: {power_nl}. Dat ze er staat toont niet dat ze draait.
-- words: with before after
WITH o AS (SELECT * FROM old_call), n AS (SELECT * FROM new_call)
SELECT n.app || ' ' || n.callee AS subject, n.app, n.callee, CASE WHEN n.argument = '' THEN '' ELSE ' with ' || n.argument END AS with, n.place, coalesce(k.title_en, n.power) AS power, coalesce(k.title_nl, n.power) AS power_nl, CASE WHEN o.app IS NULL THEN NULL ELSE o.n || ' places' END AS before, n.n || ' places' || CASE WHEN n.argument = '' THEN '' ELSE ', with ' || n.argument END AS after,
       CASE WHEN k.over = 'control' AND o.app IS NULL THEN 'medium' WHEN k.over = 'control' OR (k.over IN ('person', 'indirect') AND o.app IS NULL) THEN 'low' ELSE 'info' END AS severity, CASE k.over WHEN 'control' THEN 20 ELSE 10 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM n LEFT JOIN power_kind k ON k.power = n.power LEFT JOIN o ON o.app = n.app AND o.power = n.power AND o.callee = n.callee AND o.argument = n.argument
WHERE n.app IN (SELECT app FROM app_in_both) AND (o.app IS NULL OR n.n > o.n)
