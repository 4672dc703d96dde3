-- change: door_closed
-- theme: doors
-- effect: less
-- severity: info
-- title.en: Any app could set in motion what it cannot any more
-- title.nl: Elke app kon in gang zetten wat nu niet meer kan
-- says.en: No app can any more set in motion code of {app} by its {kind} {entry} that could: {before}
-- says.nl: Geen app kan nog code van {app} in gang zetten via haar {kind} {entry} die dit kon: {before_nl}
-- why.en: A door was closed, or what lies behind it is gone. {guard}
-- why.nl: Een deur is dicht, of wat erachter lag is weg. {guard}
WITH o AS MATERIALIZED (SELECT pp.app, d.kind, d.entry, d.power, min(d.guard IS NOT NULL) AS guarded, max(d.guard) AS guard, min(d.fixed) AS fixed, max(d.code) AS code, min(d.fact_id) AS f
           FROM package_pair pp JOIN old_open_door d ON d.package_id = pp.before_id GROUP BY pp.app, d.kind, d.entry, d.power),
     n AS MATERIALIZED (SELECT pp.app, d.kind, d.entry, old_name(coalesce(pp.before_name, pp.app), d.entry) AS key, d.power, min(d.guard IS NOT NULL) AS guarded, max(d.guard) AS guard, min(d.fixed) AS fixed, max(d.code) AS code, max(d.way) AS way, min(d.fact_id) AS f,
           max(p.shared_uid LIKE 'android.uid.%') AS system, max(p.privileged) AS privileged
           FROM package_pair pp JOIN new_open_door d ON d.package_id = pp.after_id JOIN new_package p ON p.package_id = d.package_id GROUP BY pp.app, d.kind, d.entry, d.power)
SELECT o.app || ' ' || o.entry AS subject, o.app, o.entry, o.kind, group_concat(coalesce(k.title_en, o.power), ', ') AS before, group_concat(coalesce(k.title_nl, o.power), ', ') AS before_nl, max(n.guard) AS after, coalesce('Code on the way asks now: ' || max(n.guard), '') AS guard,
       max(CASE WHEN k.over = 'control' THEN 95 WHEN k.over = 'person' THEN 85 ELSE 20 END) AS weight, min(o.f) AS before_fact, min(n.f) AS after_fact
FROM o LEFT JOIN power_kind k ON k.power = o.power LEFT JOIN n ON n.app = o.app AND n.kind = o.kind AND n.key = o.entry AND n.power = o.power WHERE o.guarded = 0 AND (n.app IS NULL OR n.guarded = 1)
GROUP BY o.app, o.kind, o.entry
