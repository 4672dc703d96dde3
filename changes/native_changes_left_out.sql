-- change: native_changes_left_out
-- theme: code
-- effect: other
-- severity: info
-- title.en: More changed in a native file than is told
-- title.nl: In een native bestand is meer veranderd dan verteld wordt
-- says.en: {path}: {n} more of {what} than there is room for
-- says.nl: {path}: nog {n} van {what}, waarvoor geen plaats is
-- why.en: Those that tell most are kept; many of them may push out another.
-- why.nl: Wat het meeste zegt blijft staan; veel daarvan kan iets anders verdringen.
-- words: what after
SELECT path || ' ' || name AS subject, path, replace(name, '_', ' ') AS what, after AS n, after || ' left out' AS after, CASE WHEN name IN ('import_added', 'function_added', 'init_added', 'string_added') THEN 'low' ELSE 'info' END AS severity, old_fact AS before_fact, new_fact AS after_fact
FROM native_change WHERE what = 'left_out'
