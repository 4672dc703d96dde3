-- change: permission_protection
-- theme: rights
-- effect: more
-- severity: medium
-- title.en: A permission is guarded otherwise
-- title.nl: Een toestemming is anders beschermd
-- says.en: {subject} has protection {after}; before {before}
-- says.nl: {subject} heeft bescherming {after}; eerst {before}
-- why.en: Everything that this permission guards is open to whoever may get it now.
-- why.nl: Alles wat deze toestemming bewaakt staat open voor wie haar nu kan krijgen.
-- words: before after
-- needs: whole
WITH RECURSIVE o AS MATERIALIZED (SELECT permission, max(protection) AS p, max(assumed) AS assumed, min(fact_id) AS f FROM old_permission_definition GROUP BY permission),
     n AS MATERIALIZED (SELECT permission, max(protection) AS p, max(assumed) AS assumed, min(fact_id) AS f FROM new_permission_definition GROUP BY permission),
     v AS MATERIALIZED (SELECT n.permission, o.p AS before, n.p AS after, o.f, n.f AS g FROM n JOIN o ON o.permission = n.permission WHERE o.p IS NOT n.p AND o.assumed IS n.assumed),
     -- The first word is who may ever hold it; the others let more hold it.
     words(permission, now, first, w, rest) AS (SELECT permission, 0, 1, '', before || '|' FROM v UNION ALL SELECT permission, 1, 1, '', after || '|' FROM v
            UNION ALL SELECT permission, now, w = '', substr(rest, 1, instr(rest, '|') - 1), substr(rest, instr(rest, '|') + 1) FROM words WHERE rest <> ''),
     base AS MATERIALIZED (SELECT permission, now, w, CASE w WHEN 'normal' THEN 1 WHEN 'dangerous' THEN 2 WHEN 'signature' THEN 3 WHEN 'internal' THEN 3 END AS grade FROM words WHERE first AND w <> ''),
     said AS (SELECT v.*, a.w AS was, b.w AS "is", a.grade AS old_grade, b.grade AS new_grade,
            EXISTS (SELECT 1 FROM words x WHERE x.permission = v.permission AND x.now = 1 AND NOT x.first AND NOT EXISTS (SELECT 1 FROM words y WHERE y.permission = x.permission AND y.now = 0 AND y.w = x.w)) AS gained,
            EXISTS (SELECT 1 FROM words x WHERE x.permission = v.permission AND x.now = 0 AND NOT x.first AND NOT EXISTS (SELECT 1 FROM words y WHERE y.permission = x.permission AND y.now = 1 AND y.w = x.w)) AS lost
            FROM v LEFT JOIN base a ON a.permission = v.permission AND a.now = 0 LEFT JOIN base b ON b.permission = v.permission AND b.now = 1),
     judged AS (SELECT *, CASE WHEN new_grade < old_grade THEN 'more' WHEN new_grade > old_grade THEN 'less' WHEN was = "is" AND gained AND NOT lost THEN 'more' WHEN was = "is" AND lost AND NOT gained THEN 'less' ELSE 'other' END AS effect FROM said)
SELECT permission AS subject, coalesce(before, 'not said') AS before, coalesce(after, 'not said') AS after, effect, CASE WHEN effect = 'less' THEN 'info' WHEN new_grade < old_grade THEN 'high' ELSE 'medium' END AS severity, f AS before_fact, g AS after_fact
FROM judged
