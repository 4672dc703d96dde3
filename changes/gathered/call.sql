-- gathered: call
-- says: Calls that powers name, counted by app, callee and constant; a place in code counts once, however many copies of the code there are, and which field of its own an app gives a call is not told apart.
SELECT a.app, c.power, c.callee, CASE WHEN c.argument LIKE '%->%' AND c.argument NOT LIKE 'android/%' AND c.argument NOT LIKE 'java%' AND c.argument NOT LIKE 'com/android/internal/%' THEN 'a field of its own' ELSE coalesce(c.argument, '') END AS argument,
       count(DISTINCT coalesce(c.class, '') || '.' || coalesce(c.method, '') || coalesce(c.descriptor, '') || ' ' || coalesce(c.at, '')) AS n, min(c.class || '.' || c.method) AS place, min(c.fact_id) AS f
FROM SIDE_call_site c JOIN SIDE_app_of a ON a.artifact_id = c.artifact_id GROUP BY a.app, c.power, c.callee, 4
