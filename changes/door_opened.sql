-- change: door_opened
-- theme: doors
-- effect: more
-- severity: medium
-- title.en: Any app can set in motion what it could not
-- title.nl: Elke app kan in gang zetten wat eerst niet kon
-- says.en: Any app can now set in motion code of {app} by its {kind} {entry}: {after}
-- says.nl: Elke app kan nu code van {app} in gang zetten via haar {kind} {entry}: {after_nl}
-- why.en: The way to the first: {way}. No permission is asked, and no code on it asks who called. {asked}
-- why.nl: De weg naar het eerste: {way}. Er wordt geen toestemming gevraagd, en geen code erop vraagt wie er roept. {asked}
-- limits: Paths over calls, not over values. Only powers that the app has a right to.
-- words: kind before asked
-- needs: whole
WITH o AS (SELECT * FROM old_door), n AS (SELECT * FROM new_door),
     fresh AS (SELECT n.*, k.title_en, k.title_nl, CASE k.over WHEN 'control' THEN CASE WHEN n.fixed = 1 THEN 'medium' WHEN coalesce(n.system, 0) THEN 'critical' ELSE 'high' END WHEN 'person' THEN CASE WHEN coalesce(n.system, 0) OR n.privileged = 1 THEN 'high' ELSE 'medium' END
            WHEN 'indirect' THEN CASE WHEN coalesce(n.system, 0) OR n.privileged = 1 THEN 'medium' ELSE 'low' END ELSE 'info' END AS severity, CASE WHEN k.over = 'control' THEN 95 WHEN k.over = 'person' THEN 85 ELSE 20 END AS weight, o.guard AS was, o.f AS before_fact
     FROM n LEFT JOIN power_kind k ON k.power = n.power LEFT JOIN o ON o.app = n.app AND o.kind = n.kind AND o.entry = n.key AND o.power = n.power WHERE n.guarded = 0 AND (o.app IS NULL OR o.guarded = 1)),
     graded AS (SELECT *, CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END AS grade FROM fresh ORDER BY grade DESC, weight DESC, power)
SELECT app || ' ' || entry AS subject, app, entry, kind, CASE WHEN max(was) IS NULL THEN NULL ELSE 'guarded: ' || max(was) END AS before, group_concat(coalesce(title_en, power), ', ') AS after, group_concat(coalesce(title_nl, power), ', ') AS after_nl,
       (SELECT g.severity FROM graded g WHERE g.app = graded.app AND g.kind = graded.kind AND g.entry = graded.entry ORDER BY g.grade DESC LIMIT 1) AS severity,
       (SELECT g.way FROM graded g WHERE g.app = graded.app AND g.kind = graded.kind AND g.entry = graded.entry ORDER BY g.grade DESC, g.weight DESC, g.power LIMIT 1) AS way,
       (SELECT g.f FROM graded g WHERE g.app = graded.app AND g.kind = graded.kind AND g.entry = graded.entry ORDER BY g.grade DESC, g.weight DESC, g.power LIMIT 1) AS after_fact,
       CASE WHEN max(was) IS NULL THEN '' ELSE 'Before the update code on the way asked.' END AS asked, max(weight) AS weight, max(before_fact) AS before_fact
FROM graded GROUP BY app, kind, entry
