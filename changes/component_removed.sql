-- change: component_removed
-- theme: doors
-- effect: less
-- severity: info
-- title.en: A part of an app is gone
-- title.nl: Een deel van een app is weg
-- says.en: {app} does not have the {kind} {class} any more
-- says.nl: {app} heeft de {kind} {class} niet meer
-- why.en: What is gone cannot act.
-- why.nl: Wat weg is doet niets.
WITH o AS MATERIALIZED (SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
           max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.authorities) AS authorities, max(c.process) AS process, min(c.fact_id) AS f
           FROM package_pair pp JOIN old_component c ON c.package_id = pp.before_id GROUP BY pp.app, c.kind, c.class),
     n AS MATERIALIZED (SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
           max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.authorities) AS authorities, max(c.process) AS process, max(c.action) AS action, min(c.fact_id) AS f,
           max(p.shared_uid LIKE 'android.uid.%') AS system, max(p.privileged) AS privileged
           FROM package_pair pp JOIN new_component c ON c.package_id = pp.after_id JOIN new_package p ON p.package_id = c.package_id GROUP BY pp.app, c.kind, c.class)
SELECT o.app || ' ' || o.class AS subject, o.app, o.kind, o.class, 'there' AS before, NULL AS after, o.f AS before_fact
FROM o LEFT JOIN n ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE n.app IS NULL AND o.open = 0 AND o.app IN (SELECT app FROM package_pair WHERE after_id IS NOT NULL)
