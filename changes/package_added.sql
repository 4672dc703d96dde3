-- change: package_added
-- theme: whose
-- effect: more
-- severity: low
-- title.en: A package is new
-- title.nl: Een pakket is nieuw
-- says.en: {subject} is new: {after}
-- says.nl: {subject} is nieuw: {after}
-- why.en: New code on the phone; what it holds and how it runs decide its weight.
-- why.nl: Nieuwe code op de telefoon; wat ze mag en hoe ze draait bepaalt het gewicht.
-- words: after
WITH rights AS MATERIALIZED (SELECT package_id, count(*) AS n, sum(protection LIKE 'signature%' OR protection LIKE 'internal%') AS strong FROM new_permission_grant WHERE requested = 1 AND effective IN ('granted', 'pregranted') GROUP BY package_id)
SELECT pp.app AS subject, NULL AS before, 'version ' || coalesce(p.version_name, '?') || ', ' || coalesce(p.partition, '?') || CASE WHEN p.privileged = 1 THEN ', privileged' ELSE '' END || coalesce(', user ' || p.shared_uid, '')
       || ', signed by ' || coalesce(substr(p.signer, 1, 12), 'nobody') || ', ' || coalesce(r.n, 0) || ' rights held, ' || coalesce(r.strong, 0) || ' of them for the system''s own' AS after,
       CASE WHEN p.shared_uid LIKE 'android.uid.%' THEN 'medium' WHEN p.privileged = 1 AND coalesce(r.strong, 0) > 0 THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN p.shared_uid = 'android.uid.system' THEN 30 WHEN p.privileged = 1 THEN 20 ELSE 0 END AS weight, p.fact_id AS after_fact
FROM package_pair pp JOIN new_package p ON p.package_id = pp.after_id LEFT JOIN rights r ON r.package_id = p.package_id WHERE pp.how = 'added'
