-- change: component_added
-- theme: doors
-- effect: other
-- severity: info
-- title.en: An app has a new part
-- title.nl: Een app heeft een nieuw deel
-- says.en: {app} has a new {kind}: {class}
-- says.nl: {app} heeft een nieuw onderdeel ({kind}): {class}
-- why.en: No other app can reach it without a permission; it may run by itself.
-- why.nl: Geen andere app kan erbij zonder toestemming; het kan uit zichzelf draaien.
WITH o AS MATERIALIZED (SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
           max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.authorities) AS authorities, max(c.process) AS process, min(c.fact_id) AS f
           FROM package_pair pp JOIN old_component c ON c.package_id = pp.before_id GROUP BY pp.app, c.kind, c.class),
     n AS MATERIALIZED (SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
           max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.authorities) AS authorities, max(c.process) AS process, max(c.action) AS action, min(c.fact_id) AS f,
           max(p.shared_uid LIKE 'android.uid.%') AS system, max(p.privileged) AS privileged
           FROM package_pair pp JOIN new_component c ON c.package_id = pp.after_id JOIN new_package p ON p.package_id = c.package_id GROUP BY pp.app, c.kind, c.class)
SELECT n.app || ' ' || n.class AS subject, n.app, n.kind, n.class, NULL AS before, coalesce('asks ' || n.permission, 'for itself') || coalesce(', ' || n.action, '') AS after, n.f AS after_fact
FROM n LEFT JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE o.app IS NULL AND n.open = 0 AND n.app IN (SELECT app FROM package_pair WHERE before_id IS NOT NULL)
