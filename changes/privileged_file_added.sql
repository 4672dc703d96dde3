-- change: privileged_file_added
-- theme: files
-- effect: more
-- severity: high
-- title.en: A file gives rights to whoever starts or changes it
-- title.nl: Een bestand geeft rechten aan wie het start of verandert
-- says.en: {path} gives rights: {after}{was_en}
-- says.nl: {path} geeft rechten: {after}{was_nl}
-- why.en: Whoever may start a setuid program, or one with capabilities, runs code with its owner's rights.
-- why.nl: Wie een setuid-programma of een met capabilities mag starten, draait code met de rechten van de eigenaar ervan.
-- words: after
WITH RECURSIVE o AS (SELECT * FROM old_strong_file), n AS (SELECT * FROM new_strong_file),
     v AS MATERIALIZED (SELECT n.path, n.how, n.detail, n.says, n.uid, n.f AS g, o.detail AS old_detail, o.says AS before, o.uid AS old_uid, o.f, n.effective > o.effective AS in_force, n.effective < o.effective AS out_of_force,
            (n.others & ~o.others) > 0 AS opened, (o.others & ~n.others) > 0 AS closed, o.gid IS NOT n.gid AS regrouped, o.path IS NULL AS fresh
            FROM n LEFT JOIN o ON o.path = n.path AND o.how = n.how WHERE NOT EXISTS (SELECT 1 FROM o p WHERE p.path = n.path AND p.how = n.how AND p.says = n.says)),
     words(path, now, w, rest) AS (SELECT path, 0, '', old_detail || ' ' FROM v WHERE how = 'capability' AND NOT fresh UNION ALL SELECT path, 1, '', detail || ' ' FROM v WHERE how = 'capability' AND NOT fresh
            UNION ALL SELECT path, now, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM words WHERE rest <> ''),
     said AS (SELECT *, how = 'capability' AND EXISTS (SELECT 1 FROM words x WHERE x.path = v.path AND x.now = 1 AND x.w <> '' AND NOT EXISTS (SELECT 1 FROM words y WHERE y.path = x.path AND y.now = 0 AND y.w = x.w)) AS gained,
            how = 'capability' AND detail <> old_detail AS other_set, uid IS NOT old_uid AS other_owner FROM v),
     judged AS (SELECT *, CASE WHEN fresh OR gained OR in_force OR opened OR (how = 'setuid' AND other_owner AND uid = 0) THEN 'more' WHEN (how = 'setuid' AND other_owner AND old_uid = 0) OR (NOT other_owner AND NOT regrouped AND (other_set OR out_of_force OR closed)) THEN 'less' ELSE 'other' END AS effect FROM said)
SELECT path || ' ' || how AS subject, path, before, CASE WHEN before IS NULL THEN '' ELSE '; before: ' || before END AS was_en, CASE WHEN before IS NULL THEN '' ELSE '; eerst: ' || before END AS was_nl, says AS after, effect,
       CASE effect WHEN 'less' THEN 'info' ELSE CASE WHEN how = 'setuid' AND uid = 0 AND (fresh OR other_owner) THEN 'critical' WHEN how = 'world_writable' OR effect = 'other' THEN 'medium' ELSE 'high' END END AS severity, 60 AS weight, f AS before_fact, g AS after_fact
FROM judged
