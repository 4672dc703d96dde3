-- change: native_start_added
-- theme: code
-- effect: more
-- severity: low
-- title.en: A native file runs something new when it is loaded
-- title.nl: Een native bestand voert iets nieuws uit zodra het geladen wordt
-- says.en: {path} runs {name} when it is loaded{instead}{detail}
-- says.nl: {path} voert {name} uit zodra het geladen wordt{instead_nl}{detail}
-- why.en: It runs before anybody calls the library, in every process that loads it.
-- why.nl: Het draait voor iemand de bibliotheek aanroept, in elk proces dat haar laadt.
SELECT path || ' ' || name AS subject, path, name, CASE WHEN detail IS NULL THEN '' ELSE '; it ' || detail END AS detail, before, after, CASE WHEN what = 'init_added' THEN '' ELSE ' in the place of ' || before END AS instead, CASE WHEN what = 'init_added' THEN '' ELSE ' in plaats van ' || before END AS instead_nl,
       CASE WHEN what = 'init_changed' AND mark IS NULL THEN 'other' ELSE 'more' END AS effect, CASE WHEN what = 'init_changed' AND mark IS NULL THEN 'info' WHEN mark IN ('load_code', 'run_commands', 'load', 'exec', 'trace', 'memory', 'network', 'use_network', 'crypto') THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN mark IS NULL THEN 10 ELSE 20 END AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM native_change WHERE what IN ('init_added', 'init_changed') AND after NOT LIKE 'fini%'
