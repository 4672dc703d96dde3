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
WITH o AS MATERIALIZED (SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
           max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.authorities) AS authorities, max(c.process) AS process, min(c.fact_id) AS f
           FROM package_pair pp JOIN old_component c ON c.package_id = pp.before_id GROUP BY pp.app, c.kind, c.class),
     n AS MATERIALIZED (SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
           max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.authorities) AS authorities, max(c.process) AS process, max(c.action) AS action, min(c.fact_id) AS f,
           max(p.shared_uid LIKE 'android.uid.%') AS system, max(p.privileged) AS privileged
           FROM package_pair pp JOIN new_component c ON c.package_id = pp.after_id JOIN new_package p ON p.package_id = c.package_id GROUP BY pp.app, c.kind, c.class)
SELECT o.app || ' ' || o.class AS subject, o.app, o.kind, o.class, 'open' AS before, CASE WHEN n.app IS NULL THEN 'not there' WHEN n.open = 1 THEN 'switched off' WHEN n.exported = 1 THEN 'asks ' || coalesce(n.permission, n.r, n.w, '?') ELSE 'not exported' END AS after,
       CASE WHEN o.kind = 'provider' THEN 60 WHEN o.kind IN ('receiver', 'service') THEN 55 ELSE 10 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM o LEFT JOIN n ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE o.open = 1 AND coalesce(o.enabled, 1) = 1 AND (n.app IS NULL OR n.open = 0 OR coalesce(n.enabled, 1) = 0)
