-- change: check_dropped
-- theme: code
-- effect: more
-- severity: medium
-- title.en: An app checks less than before
-- title.nl: Een app controleert minder dan eerst
-- says.en: {app} calls {callee} {after} times; before {before}
-- says.nl: {app} roept {callee} {after} keer aan; eerst {before}
-- why.en: {reason}
-- why.nl: {reason}
-- limits: Counts calls: a check that was moved into a library or is made in another way looks like one that is gone.
-- words: reason
WITH ob AS (SELECT a.app, c.power, c.callee, coalesce(c.class, '') || '.' || coalesce(c.method, '') || coalesce(c.descriptor, '') || ' ' || coalesce(c.at, '') AS place, c.fact_id, substr(c.callee, 1, instr(c.callee || '(', '(') - 1) AS head FROM old_call_site c JOIN old_app_of a ON a.artifact_id = c.artifact_id WHERE c.power IN ('permission_check', 'verify_signature')),
     nb AS (SELECT a.app, c.power, c.callee, coalesce(c.class, '') || '.' || coalesce(c.method, '') || coalesce(c.descriptor, '') || ' ' || coalesce(c.at, '') AS place, c.fact_id, substr(c.callee, 1, instr(c.callee || '(', '(') - 1) AS head FROM new_call_site c JOIN new_app_of a ON a.artifact_id = c.artifact_id WHERE c.power IN ('permission_check', 'verify_signature')),
     -- A call on `this` is spelled with the app's own class, which may have another name now: methods go by their last name.
     o AS MATERIALIZED (SELECT app, power, replace(head, rtrim(head, replace(head, '.', '')), '') AS method, max(callee) AS callee, count(DISTINCT place) AS n, min(fact_id) AS f FROM ob GROUP BY 1, 2, 3),
     n AS MATERIALIZED (SELECT app, power, replace(head, rtrim(head, replace(head, '.', '')), '') AS method, count(DISTINCT place) AS n, min(fact_id) AS f FROM nb GROUP BY 1, 2, 3)
SELECT o.app || ' ' || o.method AS subject, o.app, o.callee, CAST(o.n AS TEXT) AS before, CAST(coalesce(n.n, 0) AS TEXT) AS after,
       CASE WHEN n.n IS NULL AND o.power = 'verify_signature' THEN 'high' WHEN p.shared_uid LIKE 'android.uid.%' OR p.privileged = 1 OR p.package_id IS NULL OR n.n IS NULL THEN 'medium' ELSE 'low' END AS severity,
       CASE o.power WHEN 'verify_signature' THEN 'Who made what the app gets is asked less often, or not at all: whoever stands in the way may hand it something else.' ELSE 'Who calls the app is asked less often: somebody may reach what was guarded.' END AS reason,
       CASE WHEN n.n IS NULL THEN 20 ELSE 5 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM o LEFT JOIN package_pair pp ON pp.app = o.app AND pp.before_id IS NOT NULL AND pp.after_id IS NOT NULL LEFT JOIN new_package p ON p.package_id = pp.after_id LEFT JOIN n ON n.app = o.app AND n.power = o.power AND n.method = o.method
WHERE o.app IN (SELECT app FROM app_in_both) AND coalesce(n.n, 0) < o.n AND (o.power = 'verify_signature' OR o.method IN ('getCallingUid', 'getCallingPid', 'getCallingPackage', 'checkPermission', 'checkSignatures', 'checkCallingPermission', 'checkCallingOrSelfPermission', 'enforcePermission', 'enforceCallingPermission', 'enforceCallingOrSelfPermission',
      'checkCallingUriPermission', 'checkCallingOrSelfUriPermission', 'enforceUriPermission', 'enforceCallingUriPermission', 'enforceCallingOrSelfUriPermission'))
