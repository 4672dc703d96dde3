-- change: power_reached
-- theme: code
-- effect: more
-- severity: low
-- title.en: Something reaches code that nothing reached
-- title.nl: Iets bereikt code die niets bereikte
-- says.en: Something reaches the code by which {actor} is able to {power}: {entry}
-- says.nl: Iets bereikt de code waarmee {actor} dit kan: {power_nl}: {entry}
-- why.en: The way: {way}
-- why.nl: De weg: {way}
WITH o AS MATERIALIZED (SELECT ap.name AS actor, ap.kind, w.power, max(w.code IS NOT NULL) AS code, max(w.held_by IS NOT NULL) AS held, max(coalesce(w.reachable, 0)) AS reachable, sum(w.sites) AS sites, max(CASE w.entry_kind WHEN 'exported' THEN 3 WHEN 'guarded' THEN 1 WHEN 'background' THEN 2 ELSE 0 END) AS door, min(w.fact_id) AS f
           FROM actor_pair ap JOIN old_power w ON w.actor_id = ap.before_id GROUP BY ap.name, ap.kind, w.power),
     n AS MATERIALIZED (SELECT ap.name AS actor, ap.kind, ap.before_id, w.power, max(w.code IS NOT NULL) AS code, max(w.code) AS what, max(w.held_by) AS held_by, max(w.held_by IS NOT NULL) AS held, max(coalesce(w.reachable, 0)) AS reachable, sum(w.sites) AS sites, max(w.way) AS way, max(w.entry) AS entry,
           max(CASE w.entry_kind WHEN 'exported' THEN 3 WHEN 'guarded' THEN 1 WHEN 'background' THEN 2 ELSE 0 END) AS door, min(w.fact_id) AS f
           FROM actor_pair ap JOIN new_power w ON w.actor_id = ap.after_id GROUP BY ap.name, ap.kind, w.power)
SELECT n.actor || ' ' || n.power AS subject, n.actor, coalesce(k.title_en, n.power) AS power, coalesce(k.title_nl, n.power) AS power_nl, CASE o.door WHEN 0 THEN 'nothing reached it' ELSE 'the app itself did' END AS before, coalesce(n.entry, '') AS after, coalesce(n.entry, '') AS entry, coalesce(n.way, '') AS way,
       CASE WHEN k.over = 'control' THEN CASE WHEN n.door = 3 THEN 'high' ELSE 'medium' END WHEN k.over = 'person' THEN 'medium' WHEN k.over = 'indirect' THEN 'low' ELSE 'info' END AS severity, 30 AS weight, o.f AS before_fact, n.f AS after_fact
FROM n JOIN power_kind k ON k.power = n.power JOIN o ON o.actor = n.actor AND o.kind = n.kind AND o.power = n.power
WHERE n.code = 1 AND n.held = 1 AND o.code = 1 AND o.held = 1 AND ((n.reachable = 1 AND o.reachable = 0) OR (n.door = 3 AND o.door < 3))
