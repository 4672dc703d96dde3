-- change: native_function_added
-- theme: code
-- effect: more
-- severity: low
-- title.en: A native library has a new function that its old code calls
-- title.nl: Een native bibliotheek heeft een nieuwe functie die de oude code aanroept
-- says.en: {path}: {called_from} calls {name}, which was not there{detail}
-- says.nl: {path}: {called_from} roept {name} aan, dat er niet was{detail}
-- why.en: {reason}
-- why.nl: {reason_nl}
WITH f AS MATERIALIZED (SELECT *, path LIKE '%/libandroid_runtime.so' OR path LIKE '%/libc.so' OR path LIKE '%/liblog.so' OR path LIKE '%/libutils.so' OR path LIKE '%/libcutils.so' OR path LIKE '%/libbinder.so' OR path LIKE '%/libart.so' OR path LIKE '%/libnativehelper.so' OR path LIKE '%/libandroid_servers.so' AS everywhere,
     mark IN ('load_code', 'run_commands', 'load', 'exec', 'trace', 'memory') AS strong FROM native_change WHERE what = 'function_added' AND called_from IS NOT NULL)
SELECT path || ' ' || name AS subject, path, name, called_from, CASE WHEN detail IS NULL THEN '' ELSE '; it ' || detail END AS detail, NULL AS before, after || CASE WHEN detail IS NULL THEN '' ELSE ', ' || detail END AS after,
       CASE WHEN everywhere AND strong THEN 'high' WHEN everywhere OR strong THEN 'medium' WHEN mark IS NOT NULL THEN 'low' ELSE 'info' END AS severity, 30 * everywhere + 20 * strong + 10 * (mark IS NOT NULL) AS weight,
       CASE WHEN everywhere THEN 'This library is part of every app or of the system server: what is hooked into it runs with all their rights.' ELSE 'Code of the update runs whenever the old function does.' END AS reason,
       CASE WHEN everywhere THEN 'Deze bibliotheek zit in elke app of in de system server: wat erin hangt draait met al hun rechten.' ELSE 'Code van de update draait telkens als de oude functie draait.' END AS reason_nl,
       old_fact AS before_fact, new_fact AS after_fact
FROM f
