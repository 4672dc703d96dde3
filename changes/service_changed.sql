-- change: service_changed
-- theme: services
-- effect: more
-- severity: low
-- title.en: A service of the system runs otherwise
-- title.nl: Een dienst van het systeem draait anders
-- says.en: The service {subject} has another {what}: {after}; before {before}
-- says.nl: De dienst {subject} heeft een andere {what}: {after}; eerst {before}
-- why.en: What a service runs, as whom and in which domain decides what it may do.
-- why.nl: Wat een dienst draait, als wie en in welk domein bepaalt wat ze mag.
-- words: what before after
WITH o AS (SELECT * FROM old_daemon), n AS (SELECT * FROM new_daemon),
     v AS (SELECT n.name, 'program' AS what, o.run AS before, n.run AS after, 'medium' AS sev, o.f AS f, n.f AS g FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'user', o.user, n.user, CASE n.user WHEN 'root' THEN 'high' WHEN 'system' THEN 'medium' ELSE 'low' END, o.f, n.f FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'group list', o.groups, n.groups, 'low', o.f, n.f FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'SELinux label', o.seclabel, n.seclabel, 'medium', o.f, n.f FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'set of capabilities', o.capabilities, n.capabilities, 'medium', o.f, n.f FROM n JOIN o ON o.name = n.name
  UNION ALL SELECT n.name, 'start', CASE o.disabled WHEN 1 THEN 'by name only' ELSE 'with its class' END, CASE n.disabled WHEN 1 THEN 'by name only' ELSE 'with its class' END, 'low', o.f, n.f FROM n JOIN o ON o.name = n.name)
SELECT name AS subject, what, before, after, sev AS severity, f AS before_fact, g AS after_fact FROM v WHERE before <> after
