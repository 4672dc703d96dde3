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
-- words: kind guard
-- needs: whole
WITH o AS (SELECT * FROM old_door), n AS (SELECT * FROM new_door)
SELECT o.app || ' ' || o.entry AS subject, o.app, o.entry, o.kind, group_concat(coalesce(k.title_en, o.power), ', ') AS before, group_concat(coalesce(k.title_nl, o.power), ', ') AS before_nl, max(n.guard) AS after, coalesce('Code on the way asks now: ' || max(n.guard), '') AS guard,
       max(CASE WHEN k.over = 'control' THEN 95 WHEN k.over = 'person' THEN 85 ELSE 20 END) AS weight, min(o.f) AS before_fact, min(n.f) AS after_fact
FROM o LEFT JOIN power_kind k ON k.power = o.power LEFT JOIN n ON n.app = o.app AND n.kind = o.kind AND n.key = o.entry AND n.power = o.power WHERE o.guarded = 0 AND (n.app IS NULL OR n.guarded = 1)
GROUP BY o.app, o.kind, o.entry
