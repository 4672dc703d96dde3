-- rule: platform_key_for_others
-- theme: keys
-- severity: medium
-- strength: present
-- title.en: Packages with the name of another maker are signed with the system's key
-- title.nl: Pakketten met de naam van een andere maker zijn getekend met de sleutel van het systeem
-- says.en: {actor} carries the system's key and the name of another maker than the phone's
-- says.nl: {actor} draagt de sleutel van het systeem en de naam van een andere maker dan die van de telefoon
-- explain.en: The system's key opens every right that the system keeps for itself. Here the maker of the phone signed
--   a package with it that carries somebody else's name. Names are claims; contractors and chip makers are usual.
-- explain.nl: De sleutel van het systeem opent elk recht dat het systeem voor zichzelf houdt. Hier tekende de maker
--   van de telefoon er een pakket mee dat de naam van een ander draagt. Namen zijn beweringen; opdrachtnemers en
--   chipmakers zijn gebruikelijk.
-- reference: https://source.android.com/docs/core/ota/sign_builds
-- limits: The maker's own names are guessed from ro.product.manufacturer and brand; chip makers' names are left out.
-- needs: package, signer, build
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, p.fact_id, s.fact_id AS evidence, p.name AS actor, CASE WHEN p.shared_uid IS NOT NULL THEN 'runs as ' || p.shared_uid END AS note,
       CASE WHEN p.shared_uid = 'android.uid.system' THEN 'medium' ELSE 'low' END AS severity
FROM package p JOIN signer s ON s.build_id = p.build_id AND s.sha256 = p.signer JOIN build b ON b.build_id = p.build_id
WHERE s.known_as = 'platform' AND p.name LIKE '%.%' AND p.name <> 'android' AND p.name NOT LIKE 'com.android.%' AND p.name NOT LIKE 'com.google.%' AND p.name NOT LIKE 'android.%'
  AND p.name NOT LIKE 'com.mediatek.%' AND p.name NOT LIKE 'com.mtk.%' AND p.name NOT LIKE 'com.qualcomm.%' AND p.name NOT LIKE 'com.qti.%' AND p.name NOT LIKE 'org.codeaurora.%' AND p.name NOT LIKE 'com.sprd.%'
  AND p.name NOT LIKE 'com.unisoc.%' AND p.name NOT LIKE 'vendor.%' AND p.name NOT LIKE 'com.quicinc.%' AND b.maker IS NOT NULL
  AND instr(lower(p.name), lower(b.maker)) = 0 AND instr(lower(p.name), lower(coalesce(nullif(b.brand, ''), b.maker))) = 0
  AND NOT (lower(b.maker) IN ('xiaomi', 'redmi', 'poco') AND (p.name LIKE '%miui%' OR p.name LIKE 'com.mi.%' OR p.name LIKE '%xiaomi%')) AND NOT (lower(b.maker) IN ('oneplus', 'oppo', 'realme') AND (p.name LIKE '%oplus%'
    OR p.name LIKE '%coloros%' OR p.name LIKE '%heytap%' OR p.name LIKE '%oneplus%' OR p.name LIKE '%oppo%' OR p.name LIKE '%nearme%' OR p.name LIKE '%realme%')) AND NOT (lower(b.maker) = 'huawei' AND (p.name LIKE '%honor%' OR p.name LIKE '%hisi%'))
  AND NOT (lower(b.maker) = 'samsung' AND p.name LIKE '%.sec.%')
  AND NOT EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)
ORDER BY p.build_id, p.name, p.fact_id
