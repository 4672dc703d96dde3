-- change: service_removed
-- theme: services
-- effect: less
-- severity: info
-- title.en: A service of the system is gone
-- title.nl: Een dienst van het systeem is weg
-- says.en: The service {subject} is gone; it ran {before}
-- says.nl: De dienst {subject} is weg; ze draaide {before}
-- why.en: What is gone does not run; it may have protected something.
-- why.nl: Wat weg is draait niet; het kan iets beschermd hebben.
-- words: before
WITH o AS (SELECT * FROM old_daemon), n AS (SELECT * FROM new_daemon)
SELECT o.name AS subject, o.run || ' as ' || o.user AS before, NULL AS after, CASE o.user WHEN 'root' THEN 10 ELSE 0 END AS weight, o.f AS before_fact FROM o WHERE o.name NOT IN (SELECT name FROM n)
