-- change: code_left_out
-- theme: code
-- effect: other
-- severity: info
-- title.en: Not all differences of an app's code are listed
-- title.nl: Niet alle verschillen in de code van een app staan in de lijst
-- says.en: {n} differences of the code of {app} are not listed; {marked} of them are about code that can do something to the owner
-- says.nl: {n} verschillen in de code van {app} staan niet in de lijst; {marked} daarvan gaan over code die iets met de eigenaar kan doen
-- why.en: What carries powers is listed first; what was left out may hide a change.
-- why.nl: Wat machten draagt staat vooraan; wat is weggelaten kan een verandering verbergen.
SELECT app AS subject, app, left_out AS n, left_out_marked AS marked, NULL AS before, CAST(left_out AS TEXT) AS after, CASE WHEN left_out_marked > 0 THEN 'low' ELSE 'info' END AS severity, left_out_marked AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM code_match WHERE left_out > 0
