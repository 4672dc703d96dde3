-- rule: public_key_signs_package
-- theme: keys
-- severity: critical
-- strength: present
-- title.en: Packages are signed with a key that everybody has
-- title.nl: Pakketten zijn getekend met een sleutel die iedereen heeft
-- says.en: {actor} is signed with a key of the Android sources ({key})
-- says.nl: {actor} is getekend met een sleutel uit de broncode van Android ({key})
-- explain.en: The private halves of these keys are published with the Android sources. Anybody can make an update of
--   such a package, and with the platform key an app with the rights of the system.
-- explain.nl: De geheime helften van deze sleutels staan in de broncode van Android. Iedereen kan een update van zo'n
--   pakket maken, en met de platformsleutel een app met de rechten van het systeem.
-- reference: https://source.android.com/docs/core/ota/sign_builds
-- limits: Prebuilt packages of AOSP's own test suite (CtsShim) are left out: they hold nothing. The tag test-keys of
--   a build says nothing by itself and raises nothing.
-- needs: package, signer
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, p.fact_id, s.fact_id AS evidence, p.name AS actor, s.known_as AS key,
       CASE WHEN s.known_as = 'aosp-platform' OR p.shared_uid LIKE 'android.uid.%' THEN 'critical' WHEN p.privileged = 1 THEN 'high' ELSE 'medium' END AS severity
FROM package p JOIN signer s ON s.build_id = p.build_id AND s.sha256 = p.signer
WHERE s.known_as LIKE 'aosp-%' AND p.name NOT LIKE 'com.android.cts.%ctsshim' AND p.name NOT LIKE 'android.%cts%'
ORDER BY p.build_id, p.name, p.fact_id
