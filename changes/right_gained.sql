-- change: right_gained
-- theme: rights
-- effect: more
-- severity: low
-- title.en: A package holds a right that it did not hold
-- title.nl: Een pakket heeft een recht dat het niet had
-- says.en: {app} holds {permission} now ({after}); before: {before}
-- says.nl: {app} heeft nu {permission} ({after}); eerst: {before}
-- why.en: A right of protection {level}: {reason}
-- why.nl: Een recht met bescherming {level}: {reason}
-- words: before after level
-- needs: whole
WITH o AS (SELECT * FROM old_right), n AS (SELECT * FROM new_right)
SELECT n.app || ' ' || n.permission AS subject, n.app, n.permission, coalesce(o.effective, 'not asked for') AS before, n.effective AS after, coalesce(n.protection, 'unknown') AS level, coalesce(n.why, '') AS reason,
       CASE WHEN n.asked = 0 THEN 'info' WHEN n.protection LIKE 'signature%' OR n.protection LIKE 'internal%' THEN 'medium' WHEN n.protection LIKE 'dangerous%' THEN 'medium' WHEN n.protection LIKE 'normal%' THEN 'info' ELSE 'low' END AS severity,
       CASE WHEN n.protection LIKE 'signature%' THEN 30 WHEN n.protection LIKE 'dangerous%' THEN 25 ELSE 0 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM n LEFT JOIN o ON o.app = n.app AND o.permission = n.permission WHERE n.held = 1 AND coalesce(o.held, 0) = 0
