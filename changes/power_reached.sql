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
-- words: before
-- needs: whole
WITH o AS (SELECT * FROM old_ability), n AS (SELECT * FROM new_ability)
SELECT n.actor || ' ' || n.power AS subject, n.actor, coalesce(k.title_en, n.power) AS power, coalesce(k.title_nl, n.power) AS power_nl, CASE o.door WHEN 0 THEN 'nothing reached it' ELSE 'the app itself did' END AS before, coalesce(n.entry, '') AS after, coalesce(n.entry, '') AS entry, coalesce(n.way, '') AS way,
       CASE WHEN k.over = 'control' THEN CASE WHEN n.door = 3 THEN 'high' ELSE 'medium' END WHEN k.over = 'person' THEN 'medium' WHEN k.over = 'indirect' THEN 'low' ELSE 'info' END AS severity, 30 AS weight, o.f AS before_fact, n.f AS after_fact
FROM n JOIN power_kind k ON k.power = n.power JOIN o ON o.actor = n.actor AND o.kind = n.kind AND o.power = n.power
WHERE n.code = 1 AND n.held = 1 AND o.code = 1 AND o.held = 1 AND ((n.reachable = 1 AND o.reachable = 0) OR (n.door = 3 AND o.door < 3))
