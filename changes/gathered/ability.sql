-- gathered: ability
-- says: What actors are able to do; `door`: 3 when an entry that others start reaches it, 2 when it runs by itself, 1 when a guarded entry does.
SELECT ap.name AS actor, ap.kind, w.power, max(w.code IS NOT NULL) AS code, max(w.code) AS what, max(w.held_by) AS held_by, max(w.held_by IS NOT NULL) AS held, max(coalesce(w.reachable, 0)) AS reachable, max(w.way) AS way, max(w.entry) AS entry,
       max(CASE w.entry_kind WHEN 'exported' THEN 3 WHEN 'background' THEN 2 WHEN 'guarded' THEN 1 ELSE 0 END) AS door, min(w.fact_id) AS f
FROM actor_pair ap JOIN SIDE_power w ON w.actor_id = ap.PAIR_id GROUP BY ap.name, ap.kind, w.power
