-- change: filter_added
-- theme: doors
-- effect: more
-- severity: info
-- title.en: A part of an app listens to something new
-- title.nl: Een deel van een app luistert naar iets nieuws
-- says.en: The {kind} {class} of {app} listens to {after}
-- says.nl: De {kind} {class} van {app} luistert naar {after}
-- why.en: {reason}
-- why.nl: {reason}
-- words: kind after reason
WITH o AS MATERIALIZED (SELECT DISTINCT pp.app, f.component_kind AS kind, f.class, coalesce(f.actions, '') AS actions, coalesce(f.data, '') AS data FROM package_pair pp JOIN old_intent_filter f ON f.package_id = pp.before_id),
     n AS MATERIALIZED (SELECT pp.app, f.component_kind AS kind, f.class, coalesce(f.actions, '') AS actions, coalesce(f.data, '') AS data, max(f.priority) AS priority, min(f.fact_id) AS fact FROM package_pair pp JOIN new_intent_filter f ON f.package_id = pp.after_id WHERE pp.before_id IS NOT NULL
           GROUP BY pp.app, f.component_kind, f.class, f.actions, f.data)
SELECT n.app || ' ' || n.class AS subject, n.app, n.kind, n.class, NULL AS before, trim(n.actions || ' ' || n.data) || CASE WHEN n.priority > 0 THEN ', priority ' || n.priority ELSE '' END AS after,
       CASE WHEN n.actions LIKE '%SMS_%' OR n.actions LIKE '%NEW_OUTGOING_CALL%' OR n.actions LIKE '%PHONE_STATE%' OR n.actions LIKE '%WAP_PUSH%' THEN 'medium' WHEN n.actions LIKE '%BOOT_COMPLETED%' OR n.actions LIKE '%SECRET_CODE%' THEN 'low' ELSE 'info' END AS severity,
       CASE WHEN n.actions LIKE '%SMS_%' OR n.actions LIKE '%WAP_PUSH%' THEN 'It is told of messages.' WHEN n.actions LIKE '%NEW_OUTGOING_CALL%' OR n.actions LIKE '%PHONE_STATE%' THEN 'It is told of calls.' WHEN n.actions LIKE '%BOOT_COMPLETED%' THEN 'It starts with the phone.' ELSE 'One more way to start it.' END AS reason, n.fact AS after_fact
FROM n LEFT JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class AND o.actions = n.actions AND o.data = n.data WHERE o.app IS NULL
