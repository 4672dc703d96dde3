-- change: right_lost
-- theme: rights
-- effect: less
-- severity: info
-- title.en: A package does not hold a right any more
-- title.nl: Een pakket heeft een recht niet meer
-- says.en: {app} does not hold {permission} any more
-- says.nl: {app} heeft {permission} niet meer
-- why.en: Less is possible than before.
-- why.nl: Er kan minder dan eerst.
-- words: before after
-- needs: whole
WITH o AS (SELECT * FROM old_right), n AS (SELECT * FROM new_right)
SELECT o.app || ' ' || o.permission AS subject, o.app, o.permission, o.effective AS before, n.effective AS after, CASE WHEN o.protection LIKE 'signature%' THEN 20 WHEN o.protection LIKE 'dangerous%' THEN 15 ELSE 0 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM o LEFT JOIN n ON n.app = o.app AND n.permission = o.permission WHERE o.held = 1 AND coalesce(n.held, 0) = 0 AND o.asked = 1
