-- change: power_lost
-- theme: code
-- effect: less
-- severity: info
-- title.en: Somebody is not able any more to do what it was able to do
-- title.nl: Iemand kan niet meer wat eerst wel kon
-- says.en: {actor} is not able any more to {power}: {after}
-- says.nl: {actor} kan niet meer {power_nl}: {after}
-- why.en: Less is possible than before.
-- why.nl: Er kan minder dan eerst.
-- words: before after
-- needs: whole
WITH o AS (SELECT * FROM old_ability), n AS (SELECT * FROM new_ability)
SELECT o.actor || ' ' || o.power AS subject, o.actor, coalesce(k.title_en, o.power) AS power, coalesce(k.title_nl, o.power) AS power_nl, 'right and code' AS before, CASE WHEN n.actor IS NULL THEN 'neither right nor code' WHEN n.held = 0 THEN 'no right' ELSE 'no code' END AS after,
       CASE k.over WHEN 'control' THEN 40 WHEN 'person' THEN 35 ELSE 0 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM o LEFT JOIN power_kind k ON k.power = o.power LEFT JOIN n ON n.actor = o.actor AND n.kind = o.kind AND n.power = o.power WHERE o.code = 1 AND o.held = 1 AND (n.actor IS NULL OR n.held = 0 OR n.code = 0)
