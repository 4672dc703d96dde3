-- change: privileged_file_added
-- theme: files
-- effect: more
-- severity: high
-- title.en: A file gives rights to whoever starts or changes it
-- title.nl: Een bestand geeft rechten aan wie het start of verandert
-- says.en: {subject} gives rights: {after}
-- says.nl: {subject} geeft rechten: {after}
-- why.en: Whoever may start a setuid program, or one with capabilities, runs code with its owner's rights.
-- why.nl: Wie een setuid-programma of een met capabilities mag starten, draait code met de rechten van de eigenaar ervan.
-- words: after
WITH o AS (SELECT * FROM old_strong_file), n AS (SELECT * FROM new_strong_file)
SELECT n.path AS subject, NULL AS before, n.how || CASE WHEN n.detail = '' THEN '' ELSE ' ' || n.detail END || coalesce(', owner ' || n.uid, '') || coalesce(', mode ' || n.mode, '') AS after, CASE WHEN n.how = 'setuid' AND n.uid = 0 THEN 'critical' WHEN n.how = 'world_writable' THEN 'medium' ELSE 'high' END AS severity, 60 AS weight, n.f AS after_fact
FROM n WHERE NOT EXISTS (SELECT 1 FROM o WHERE o.path = n.path AND o.how = n.how AND o.detail = n.detail)
