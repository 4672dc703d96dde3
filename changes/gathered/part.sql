-- gathered: part
-- says: Components, once per app and class: whether every app may reach them, and what a caller must hold.
SELECT pp.app, c.kind, c.class, max(c.exported = 1 AND coalesce(c.permission, '') = '' AND (c.kind <> 'provider' OR coalesce(c.read_permission, '') = '' OR coalesce(c.write_permission, '') = '')) AS open,
       max(c.exported) AS exported, max(c.permission) AS permission, max(c.read_permission) AS r, max(c.write_permission) AS w, max(c.enabled) AS enabled, max(c.action) AS action,
       max(p.shared_uid LIKE 'android.uid.%') AS system, max(p.privileged) AS privileged, min(c.fact_id) AS f
FROM package_pair pp JOIN SIDE_component c ON c.package_id = pp.PAIR_id JOIN SIDE_package p ON p.package_id = c.package_id GROUP BY pp.app, c.kind, c.class
