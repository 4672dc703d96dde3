-- rule: native_code_behind_loader
-- theme: code
-- severity: info
-- strength: present
-- title.en: Apps with rights of the system join native methods with code that is loaded by a name made at run time
-- title.nl: Apps met rechten van het systeem verbinden native methoden met code die onder een tijdens het draaien
--   gemaakte naam geladen wordt
-- says.en: {actor} loads {count} native or DEX files by names that its code makes while running
-- says.nl: {actor} laadt {count} native of DEX-bestanden onder namen die de code tijdens het draaien maakt
-- explain.en: What is loaded cannot be told from the image, so it could not be read either. The row says where
--   analysis ends.
-- explain.nl: Wat geladen wordt is uit het image niet af te leiden en kon dus ook niet gelezen worden. De regel zegt
--   waar de analyse ophoudt.
-- reference: https://developer.android.com/privacy-and-security/risks/dynamic-code-loading
-- limits: Names that are constant are not counted.
-- needs: dynamic_code, package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, min(d.fact_id) AS fact_id, min(p.fact_id) AS evidence, p.name AS actor, count(*) AS count
FROM dynamic_code d JOIN artifact a ON a.artifact_id = d.artifact_id JOIN package p ON p.artifact_id = a.artifact_id OR p.artifact_id = a.parent_id
WHERE d.kind IN ('dex', 'native') AND d.what IS NULL AND (p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%')
  AND NOT EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)
GROUP BY p.package_id ORDER BY p.build_id, p.name
