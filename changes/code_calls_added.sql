-- change: code_calls_added
-- theme: code
-- effect: more
-- severity: info
-- title.en: Code calls of the platform what nothing in it called before
-- title.nl: Code roept van het platform iets aan wat niets erin eerst aanriep
-- says.en: {app} calls {n} methods of the platform that nothing in it called: {after}
-- says.nl: {app} roept {n_nl} methoden van het platform aan die niets erin aanriep: {after}
-- why.en: {reason} After pairing classes and methods by structure, these calls are nowhere in the app's old code.
-- why.nl: {reason} Na het paren van klassen en methoden naar hun bouw staan deze aanroepen nergens in de oude code van de app.
-- limits: Calls that powers name are told apart, by call_added. Calls through reflection or native code are not seen.
-- words: reason
WITH f AS MATERIALIZED (SELECT app, value, min(new_fact) AS fact, mark IS NOT NULL AS telling
     FROM code_change WHERE what = 'platform_call_added' AND only_here = 1 GROUP BY app, value),
     o AS (SELECT * FROM f ORDER BY app, telling DESC, value)
SELECT app AS subject, app, CASE WHEN (SELECT max(m.left_out) FROM code_match m WHERE m.app = o.app) > 0 THEN 'at least ' ELSE '' END || count(*) AS n, CASE WHEN (SELECT max(m.left_out) FROM code_match m WHERE m.app = o.app) > 0 THEN 'minstens ' ELSE '' END || count(*) AS n_nl, NULL AS before, substr(group_concat(value, ', '), 1, 300) AS after, CASE WHEN sum(telling) > 0 THEN 'low' ELSE 'info' END AS severity, sum(telling) AS weight, min(fact) AS after_fact,
       CASE WHEN sum(telling) > 0 THEN sum(telling) || ' of them reach the network, other processes, cipher, the hardware or data of the owner.' ELSE 'None of them is of the network, of other processes or of the owner''s data.' END AS reason
FROM o GROUP BY app
