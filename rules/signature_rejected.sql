-- rule: signature_rejected
-- theme: keys
-- severity: medium
-- strength: present
-- title.en: Android would refuse the signature of preinstalled packages
-- title.nl: Android zou de handtekening van voorgeïnstalleerde pakketten weigeren
-- says.en: Android would refuse the signature of {actor}: {reason}
-- says.nl: Android zou de handtekening van {actor} weigeren: {reason}
-- explain.en: A signature that does not hold says that the file is not what was signed, or that it was signed in a
--   way that Android does not take. On the system partition Android checks less, so the package may run all the same.
-- explain.nl: Een handtekening die niet klopt zegt dat het bestand niet is wat getekend werd, of getekend is op een
--   manier die Android niet aanneemt. Op de systeempartitie controleert Android minder, dus het pakket kan toch
--   draaien.
-- reference: https://source.android.com/docs/security/features/apksigning
-- limits: A damaged copy of an image looks the same.
-- needs: signature, package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, g.fact_id, p.fact_id AS evidence, p.name AS actor, coalesce(g.reason, '') AS reason
FROM signature g JOIN package p ON p.package_id = g.package_id LEFT JOIN build b ON b.build_id = p.build_id
WHERE g.verdict = 'rejected' AND coalesce(b.sdk, g.sdk_from) BETWEEN g.sdk_from AND coalesce(g.sdk_to, 10000)
ORDER BY p.build_id, p.name, g.sdk_from, g.fact_id
