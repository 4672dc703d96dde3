-- gathered: door
-- says: What every app may set in motion, by entry and power; `key`: the entry under its old name.
SELECT pp.app, d.kind, d.entry, SIDE_named(pp.app, d.entry) AS key, d.power, min(d.guard IS NOT NULL) AS guarded, max(d.guard) AS guard, min(d.fixed) AS fixed, max(d.code) AS code, max(d.way) AS way,
       max(p.shared_uid LIKE 'android.uid.%') AS system, max(p.privileged) AS privileged, min(d.fact_id) AS f
FROM package_pair pp JOIN SIDE_open_door d ON d.package_id = pp.PAIR_id JOIN SIDE_package p ON p.package_id = d.package_id GROUP BY pp.app, d.kind, d.entry, d.power
