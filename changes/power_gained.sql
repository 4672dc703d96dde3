-- change: power_gained
-- theme: code
-- effect: more
-- severity: low
-- title.en: Somebody is able to do what it was not able to do
-- title.nl: Iemand kan wat eerst niet kon
-- says.en: {actor} is now able to {power}: right and code are there
-- says.nl: {actor} kan nu {power_nl}: recht en code zijn er
-- why.en: {state}. By {held_by}; {what}
-- why.nl: {state}. Door {held_by}; {what}
-- words: before state
-- needs: whole
WITH o AS (SELECT * FROM old_ability), n AS (SELECT * FROM new_ability)
SELECT n.actor || ' ' || n.power AS subject, n.actor, coalesce(k.title_en, n.power) AS power, coalesce(k.title_nl, n.power) AS power_nl, CASE WHEN o.actor IS NULL THEN NULL WHEN o.code = 1 THEN 'code, no right' WHEN o.held = 1 THEN 'a right, no code' ELSE 'neither' END AS before, coalesce(n.what, '') AS after, coalesce(n.held_by, '') AS held_by, coalesce(n.what, '') AS what,
       CASE WHEN n.reachable = 1 THEN 'Something reaches that code' ELSE 'Nothing is known to reach that code' END AS state,
       CASE k.over WHEN 'control' THEN CASE WHEN n.reachable = 1 AND n.door = 3 THEN 'high' WHEN n.reachable = 1 THEN 'medium' ELSE 'low' END WHEN 'person' THEN CASE WHEN n.reachable = 1 AND n.kind = 'package' AND EXISTS (SELECT 1 FROM new_package p WHERE p.name = n.actor AND p.shared_uid = 'android.uid.system') THEN 'high' WHEN n.reachable = 1 THEN 'medium' ELSE 'low' END WHEN 'indirect' THEN CASE WHEN n.reachable = 1 THEN 'medium' ELSE 'low' END ELSE 'info' END AS severity,
       CASE k.over WHEN 'control' THEN 40 WHEN 'person' THEN 35 WHEN 'indirect' THEN 15 ELSE 0 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM n LEFT JOIN power_kind k ON k.power = n.power LEFT JOIN o ON o.actor = n.actor AND o.kind = n.kind AND o.power = n.power
WHERE n.code = 1 AND n.held = 1 AND (o.actor IS NULL OR o.code = 0 OR o.held = 0)
