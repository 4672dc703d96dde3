-- change: service_added
-- theme: services
-- effect: more
-- severity: low
-- title.en: A service of the system is new
-- title.nl: Een dienst van het systeem is nieuw
-- says.en: The service {subject} is new: {after}
-- says.nl: De dienst {subject} is nieuw: {after}
-- why.en: A program that the system itself starts, as {user}.
-- why.nl: Een programma dat het systeem zelf start, als {user}.
-- words: after
WITH o AS (SELECT * FROM old_daemon), n AS (SELECT * FROM new_daemon)
SELECT n.name AS subject, NULL AS before, n.run || ' as ' || n.user || CASE WHEN n.disabled = 1 THEN ', started by name only' ELSE '' END AS after, n.user, CASE WHEN n.user = 'root' THEN 'high' WHEN n.user = 'system' THEN 'medium' ELSE 'low' END AS severity, 35 AS weight, n.f AS after_fact
FROM n WHERE n.name NOT IN (SELECT name FROM o)
