-- change: call_removed
-- theme: code
-- effect: less
-- severity: info
-- title.en: An app has less code that uses a power
-- title.nl: Een app heeft minder code die een macht gebruikt
-- says.en: {app} does not call {callee}{with} any more
-- says.nl: {app} roept {callee}{with} niet meer aan
-- why.en: Code that was able to {power} is gone.
-- why.nl: Code waarmee dit kon is weg: {power_nl}.
-- words: with before
WITH o AS (SELECT * FROM old_call), n AS (SELECT * FROM new_call)
SELECT o.app || ' ' || o.callee || CASE WHEN o.argument = '' THEN '' ELSE ' with ' || o.argument END AS subject, o.app, o.callee, CASE WHEN o.argument = '' THEN '' ELSE ' with ' || o.argument END AS with, coalesce(k.title_en, o.power) AS power, coalesce(k.title_nl, o.power) AS power_nl, o.n || ' places' AS before, NULL AS after, o.f AS before_fact
FROM o LEFT JOIN power_kind k ON k.power = o.power WHERE o.power NOT IN ('permission_check', 'verify_signature') AND o.app IN (SELECT app FROM app_in_both) AND NOT EXISTS (SELECT 1 FROM n WHERE n.app = o.app AND n.power = o.power AND n.callee = o.callee AND n.argument = o.argument)
