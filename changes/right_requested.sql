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
WITH o AS MATERIALIZED (SELECT pp.app, g.permission, max(g.effective IN ('granted', 'pregranted')) AS held, max(g.requested) AS asked, max(g.protection) AS protection, max(g.effective) AS effective, min(g.fact_id) AS f FROM package_pair pp JOIN old_permission_grant g ON g.package_id = pp.before_id WHERE pp.after_id IS NOT NULL GROUP BY pp.app, g.permission),
     n AS MATERIALIZED (SELECT pp.app, g.permission, max(g.effective IN ('granted', 'pregranted')) AS held, max(g.requested) AS asked, max(g.protection) AS protection, max(g.effective) AS effective, max(g.why) AS why, min(g.fact_id) AS f FROM package_pair pp JOIN new_permission_grant g ON g.package_id = pp.after_id WHERE pp.before_id IS NOT NULL GROUP BY pp.app, g.permission)
SELECT n.app || ' ' || n.permission AS subject, n.app, n.permission, NULL AS before, n.effective AS after, CASE WHEN n.effective = 'on_request' AND n.protection LIKE 'dangerous%' THEN 'low' ELSE 'info' END AS severity, n.f AS after_fact
FROM n LEFT JOIN o ON o.app = n.app AND o.permission = n.permission WHERE n.held = 0 AND n.asked = 1 AND coalesce(o.asked, 0) = 0 AND coalesce(o.held, 0) = 0
