-- change: right_requested
-- theme: rights
-- effect: more
-- severity: low
-- title.en: A package asks for a right that it may get
-- title.nl: Een pakket vraagt een recht dat het kan krijgen
-- says.en: {app} asks for {permission} now ({after})
-- says.nl: {app} vraagt nu {permission} ({after})
-- why.en: It does not hold it yet; the owner or a later update may give it.
-- why.nl: Het heeft het nog niet; de eigenaar of een latere update kan het geven.
-- words: after
-- needs: whole
WITH o AS (SELECT * FROM old_right), n AS (SELECT * FROM new_right)
SELECT n.app || ' ' || n.permission AS subject, n.app, n.permission, NULL AS before, n.effective AS after, CASE WHEN n.effective = 'on_request' AND n.protection LIKE 'dangerous%' THEN 'low' ELSE 'info' END AS severity, n.f AS after_fact
FROM n LEFT JOIN o ON o.app = n.app AND o.permission = n.permission WHERE n.held = 0 AND n.asked = 1 AND coalesce(o.asked, 0) = 0 AND coalesce(o.held, 0) = 0
