-- change: component_switched
-- theme: doors
-- effect: other
-- severity: low
-- title.en: A part of an app is switched on or off
-- title.nl: Een deel van een app is aan- of uitgezet
-- says.en: The {kind} {class} of {app} is {after}; before {before}
-- says.nl: De {kind} {class} van {app} staat {after}; eerst {before}
-- why.en: What is off protects nobody; what is on may act.
-- why.nl: Wat uit staat beschermt niemand; wat aan staat kan iets doen.
WITH o AS MATERIALIZED (SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
           max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.authorities) AS authorities, max(c.process) AS process, min(c.fact_id) AS f
           FROM package_pair pp JOIN old_component c ON c.package_id = pp.before_id GROUP BY pp.app, c.kind, c.class),
     n AS MATERIALIZED (SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
           max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.authorities) AS authorities, max(c.process) AS process, max(c.action) AS action, min(c.fact_id) AS f,
           max(p.shared_uid LIKE 'android.uid.%') AS system, max(p.privileged) AS privileged
           FROM package_pair pp JOIN new_component c ON c.package_id = pp.after_id JOIN new_package p ON p.package_id = c.package_id GROUP BY pp.app, c.kind, c.class)
SELECT n.app || ' ' || n.class AS subject, n.app, n.kind, n.class, CASE o.enabled WHEN 1 THEN 'on' WHEN 0 THEN 'off' ELSE 'not known' END AS before, CASE n.enabled WHEN 1 THEN 'on' WHEN 0 THEN 'off' ELSE 'not known' END AS after, o.f AS before_fact, n.f AS after_fact
FROM n JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE o.enabled IS NOT n.enabled
