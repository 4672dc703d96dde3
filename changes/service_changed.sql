-- change: service_changed
-- theme: services
-- effect: more
-- severity: low
-- title.en: A service of the system runs otherwise
-- title.nl: Een dienst van het systeem draait anders
-- says.en: The service {name} has another {what}: {after}; before {before}
-- says.nl: De dienst {name} heeft een andere {what}: {after}; eerst {before}
-- why.en: What a service runs, as whom and in which domain decides what it may do.
-- why.nl: Wat een dienst draait, als wie en in welk domein bepaalt wat ze mag.
-- words: what before after
WITH RECURSIVE o AS (SELECT * FROM old_daemon), n AS (SELECT * FROM new_daemon),
     v AS MATERIALIZED (SELECT * FROM (SELECT n.name, 'program' AS what, o.run AS before, n.run AS after, o.f AS f, n.f AS g FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'user', o.user, n.user, o.f, n.f FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'group list', o.groups, n.groups, o.f, n.f FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'SELinux label', o.seclabel, n.seclabel, o.f, n.f FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'set of capabilities', o.capabilities, n.capabilities, o.f, n.f FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'start', CASE o.disabled WHEN 1 THEN 'by name only' ELSE 'with its class' END, CASE n.disabled WHEN 1 THEN 'by name only' ELSE 'with its class' END, o.f, n.f FROM n JOIN o ON o.name = n.name) WHERE before <> after),
     words(name, what, now, w, rest) AS (SELECT name, what, 0, '', before || ' ' FROM v WHERE what IN ('group list', 'set of capabilities') UNION ALL SELECT name, what, 1, '', after || ' ' FROM v WHERE what IN ('group list', 'set of capabilities')
            UNION ALL SELECT name, what, now, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM words WHERE rest <> ''),
     said AS (SELECT *, EXISTS (SELECT 1 FROM words x WHERE x.name = v.name AND x.what = v.what AND x.now = 1 AND x.w <> '' AND NOT EXISTS (SELECT 1 FROM words y WHERE y.name = x.name AND y.what = x.what AND y.now = 0 AND y.w = x.w)) AS gained,
            CASE "before" WHEN 'root' THEN 2 WHEN 'system' THEN 1 ELSE 0 END AS was, CASE "after" WHEN 'root' THEN 2 WHEN 'system' THEN 1 ELSE 0 END AS "is" FROM v),
     -- No list of groups is that of root; no set of capabilities is all that its user has.
     judged AS (SELECT *, CASE what WHEN 'user' THEN CASE WHEN "is" > was THEN 'more' WHEN "is" < was THEN 'less' ELSE 'other' END
            WHEN 'group list' THEN CASE WHEN after = '' OR (gained AND before <> '') THEN 'more' WHEN before = '' AND gained THEN 'other' ELSE 'less' END
            WHEN 'set of capabilities' THEN CASE WHEN before = '' THEN 'less' WHEN after = '' OR gained THEN 'more' ELSE 'less' END
            WHEN 'start' THEN CASE after WHEN 'with its class' THEN 'more' ELSE 'less' END ELSE 'other' END AS effect FROM said)
SELECT name || ' ' || what AS subject, name, what, CASE before WHEN '' THEN 'none said' ELSE before END AS before, CASE after WHEN '' THEN 'none said' ELSE after END AS after, effect,
       CASE effect WHEN 'less' THEN 'info' ELSE CASE what WHEN 'user' THEN CASE "is" WHEN 2 THEN 'high' WHEN 1 THEN 'medium' ELSE 'low' END WHEN 'group list' THEN 'low' WHEN 'start' THEN 'low' ELSE 'medium' END END AS severity, f AS before_fact, g AS after_fact
FROM judged
