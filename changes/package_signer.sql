-- change: package_signer
-- theme: keys
-- effect: more
-- severity: high
-- title.en: A package is signed by another key
-- title.nl: Een pakket is met een andere sleutel getekend
-- says.en: {subject} is signed by another key: {after} instead of {before}
-- says.nl: {subject} is met een andere sleutel getekend: {after} in plaats van {before}
-- why.en: Who holds the new key decides from now on what this app is. A key that everybody has is the gravest case. {rotation}
-- why.nl: Wie de nieuwe sleutel heeft bepaalt voortaan wat deze app is. Een sleutel die iedereen heeft weegt het zwaarst. {rotation}
-- words: before after rotation
WITH s AS MATERIALIZED (SELECT sha256, max(known_as) AS known_as, max(subject) AS who FROM (SELECT sha256, known_as, subject FROM old_signer UNION ALL SELECT sha256, known_as, subject FROM new_signer) GROUP BY sha256)
SELECT pp.app AS subject, coalesce(so.who || ' ', '') || coalesce(substr(o.signer, 1, 16), 'nobody') || coalesce(' (' || so.known_as || ')', '') AS before,
       coalesce(sn.who || ' ', '') || coalesce(substr(n.signer, 1, 16), 'nobody') || coalesce(' (' || sn.known_as || ')', '') AS after,
       CASE WHEN n.signer IS NULL THEN 'high' WHEN sn.known_as LIKE 'aosp-%' AND so.known_as IS NOT sn.known_as THEN 'critical' WHEN n.shared_uid LIKE 'android.uid.%' THEN 'critical' ELSE 'high' END AS severity,
       CASE WHEN EXISTS (SELECT 1 FROM new_lineage l WHERE l.package_id = n.package_id AND l.sha256 = o.signer) THEN 'The new key names the old one in its lineage: a rotation.' ELSE '' END AS rotation,
       o.fact_id AS before_fact, n.fact_id AS after_fact
FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id
LEFT JOIN s so ON so.sha256 = o.signer LEFT JOIN s sn ON sn.sha256 = n.signer WHERE o.signer IS NOT n.signer
