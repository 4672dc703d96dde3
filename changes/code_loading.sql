-- change: code_loading
-- theme: code
-- effect: more
-- severity: low
-- title.en: An app loads code or looks it up in a new way
-- title.nl: Een app laadt code of zoekt code op, op een nieuwe manier
-- says.en: {app} {does} by {callee}{what}, in {place}
-- says.nl: {app} {does} met {callee}{what}, in {place}
-- why.en: {reason}
-- why.nl: {reason}
-- words: reason does
WITH o AS (SELECT * FROM old_loading), n AS (SELECT * FROM new_loading)
SELECT n.app || ' ' || n.callee || CASE WHEN n.what = '' THEN '' ELSE ' ' || n.what END AS subject, n.app, n.callee, CASE n.kind WHEN 'reflection' THEN 'looks up code' ELSE 'loads code' END AS does, CASE WHEN n.what = '' THEN '' ELSE ': ' || n.what END AS what, n.place, NULL AS before, n.what AS after,
       CASE n.kind WHEN 'dex' THEN 'high' WHEN 'native' THEN 'medium' ELSE 'info' END AS severity, CASE n.kind WHEN 'dex' THEN 'What is loaded may come from anywhere and be changed at any time: no reading of this build shows it.' WHEN 'native' THEN 'Native code with all rights of the app.' ELSE 'A name that is looked up at run time hides who is called.' END AS reason,
       CASE n.kind WHEN 'dex' THEN 50 ELSE 20 END AS weight, n.f AS after_fact
FROM n LEFT JOIN o ON o.app = n.app AND o.kind = n.kind AND o.callee = n.callee AND o.what = n.what WHERE o.app IS NULL AND n.app IN (SELECT app FROM app_in_both)
