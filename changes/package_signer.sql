-- change: package_signer
-- theme: keys
-- effect: more
-- severity: high
-- title.en: A package is signed by another key, or by nobody
-- title.nl: Een pakket is met een andere sleutel getekend, of door niemand
-- words: before after rotation
-- says.en: {app} {says}
-- says.nl: {app} {says_nl}
-- why.en: {reason}{rotation}
-- why.nl: {reason_nl}{rotation_nl}
WITH s AS MATERIALIZED (SELECT sha256, max(known_as) AS known_as, max(subject) AS who FROM (SELECT sha256, known_as, subject FROM old_signer UNION ALL SELECT sha256, known_as, subject FROM new_signer) GROUP BY sha256),
     v AS (SELECT pp.app, o.signer AS was, n.signer AS "is", coalesce(so.who || ' ', '') || substr(o.signer, 1, 16) || coalesce(' (' || so.known_as || ')', '') AS before,
            coalesce(sn.who || ' ', '') || substr(n.signer, 1, 16) || coalesce(' (' || sn.known_as || ')', '') AS after, sn.known_as LIKE 'aosp-%' AND so.known_as IS NOT sn.known_as AS public, n.shared_uid LIKE 'android.uid.%' AS system,
            EXISTS (SELECT 1 FROM new_lineage l WHERE l.package_id = n.package_id AND l.sha256 = o.signer) AS rotated, o.fact_id AS f, n.fact_id AS g
            FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id
            LEFT JOIN s so ON so.sha256 = o.signer LEFT JOIN s sn ON sn.sha256 = n.signer WHERE o.signer IS NOT n.signer)
SELECT app AS subject, app, coalesce(before, 'nobody') AS before, coalesce(after, 'nobody') AS after,
       CASE WHEN "is" IS NULL THEN 'has no signature that holds; before it was signed by ' || before WHEN was IS NULL THEN 'is signed by ' || after || '; before it had no signature that held' ELSE 'is signed by another key: ' || after || ' instead of ' || before END AS says,
       CASE WHEN "is" IS NULL THEN 'heeft geen handtekening die klopt; eerst was het getekend door ' || before WHEN was IS NULL THEN 'is getekend door ' || after || '; eerst had het geen handtekening die klopte' ELSE 'is met een andere sleutel getekend: ' || after || ' in plaats van ' || before END AS says_nl,
       CASE WHEN "is" IS NULL THEN 'Nobody answers for what this app is now: whoever writes the system may change it unseen.' WHEN was IS NULL THEN 'Who holds the key decides from now on what this app is.' ELSE 'Who holds the new key decides from now on what this app is. A key that everybody has is the gravest case.' END AS reason,
       CASE WHEN "is" IS NULL THEN 'Niemand staat nu in voor wat deze app is: wie het systeem schrijft kan haar ongemerkt veranderen.' WHEN was IS NULL THEN 'Wie de sleutel heeft bepaalt voortaan wat deze app is.' ELSE 'Wie de nieuwe sleutel heeft bepaalt voortaan wat deze app is. Een sleutel die iedereen heeft weegt het zwaarst.' END AS reason_nl,
       CASE WHEN "is" IS NULL THEN 'more' WHEN was IS NULL AND NOT coalesce(public, 0) THEN 'other' ELSE 'more' END AS effect,
       CASE WHEN "is" IS NULL THEN 'high' WHEN public THEN 'critical' WHEN was IS NULL THEN 'low' WHEN system THEN 'critical' ELSE 'high' END AS severity,
       CASE WHEN rotated THEN ' The new key names the old one in its lineage: a rotation.' ELSE '' END AS rotation, CASE WHEN rotated THEN ' De nieuwe sleutel noemt de oude in haar lijn: een wisseling.' ELSE '' END AS rotation_nl, f AS before_fact, g AS after_fact
FROM v
