-- change: code_calls_removed
-- theme: code
-- effect: less
-- severity: info
-- title.en: Code does not call of the platform what it called before
-- title.nl: Code roept van het platform iets niet meer aan wat ze eerst aanriep
-- says.en: {app} does not call {n} methods of the platform any more: {before}
-- says.nl: {app} roept {n_nl} methoden van het platform niet meer aan: {before}
-- why.en: What is not called does not happen; a check that is gone is told apart, by check_dropped.
-- why.nl: Wat niet aangeroepen wordt gebeurt niet; een controle die weg is wordt apart verteld, door check_dropped.
SELECT app AS subject, app, CASE WHEN (SELECT max(m.left_out) FROM code_match m WHERE m.app = r.app) > 0 THEN 'at least ' ELSE '' END || count(DISTINCT value) AS n, CASE WHEN (SELECT max(m.left_out) FROM code_match m WHERE m.app = r.app) > 0 THEN 'minstens ' ELSE '' END || count(DISTINCT value) AS n_nl, substr(group_concat(value, ', '), 1, 300) AS before, NULL AS after, min(old_fact) AS before_fact
FROM (SELECT app, value, min(old_fact) AS old_fact FROM code_change WHERE what = 'platform_call_removed' AND only_here = 1 GROUP BY app, value ORDER BY app, value) r GROUP BY app
