-- change: package_switch
-- theme: rights
-- effect: more
-- severity: low
-- title.en: A package sets a switch of its manifest otherwise
-- title.nl: Een pakket zet een schakelaar in zijn manifest anders
-- says.en: {app}: {what} is {after}, before {before}
-- says.nl: {app}: {what} is {after}, eerst {before}
-- why.en: {reason}
-- why.nl: {reason}
-- words: what before after reason
WITH v AS (
  SELECT pp.app, 'debuggable' AS what, o.debuggable AS b, n.debuggable AS a, o.fact_id AS f, n.fact_id AS g, 1 AS bad, 'high' AS sev, 'A debugger may attach and run code as this app.' AS reason FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id
  UNION ALL SELECT pp.app, 'traffic without encryption', coalesce(o.cleartext, o.target_sdk < 28), coalesce(n.cleartext, n.target_sdk < 28), o.fact_id, n.fact_id, 1, 'medium', 'What it sends may be read and changed on the way.' FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id
  UNION ALL SELECT pp.app, 'enabled', o.enabled, n.enabled, o.fact_id, n.fact_id, -1, 'medium', 'A part of the system that is switched off protects nobody; one switched on may act.' FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id
  UNION ALL SELECT pp.app, 'always running', o.persistent, n.persistent, o.fact_id, n.fact_id, 1, 'low', 'It runs from start to end, and cannot be stopped for long.' FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id
  UNION ALL SELECT pp.app, 'backup of its data', o.backup, n.backup, o.fact_id, n.fact_id, 1, 'low', 'Who holds the unlocked phone may take its data.' FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id)
SELECT app || ' ' || what AS subject, app, what, CASE b WHEN 1 THEN 'on' WHEN 0 THEN 'off' ELSE 'not said' END AS before, CASE a WHEN 1 THEN 'on' WHEN 0 THEN 'off' ELSE 'not said' END AS after,
       CASE WHEN bad = -1 THEN CASE WHEN a = 0 THEN sev ELSE 'low' END WHEN a = 1 THEN sev ELSE 'info' END AS severity, CASE WHEN bad = -1 THEN 'other' WHEN a = 1 THEN 'more' ELSE 'less' END AS effect, reason, f AS before_fact, g AS after_fact
FROM v WHERE a IS NOT b AND NOT (coalesce(a, 0) = 0 AND coalesce(b, 0) = 0)
