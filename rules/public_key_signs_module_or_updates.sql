-- rule: public_key_signs_module_or_updates
-- theme: keys
-- severity: high
-- strength: present
-- title.en: Modules or update files are signed with a key that everybody has
-- title.nl: Modules of updatebestanden zijn getekend met een sleutel die iedereen heeft
-- says.en: {subject} is signed with a key of the Android sources ({key})
-- says.nl: {subject} is getekend met een sleutel uit de broncode van Android ({key})
-- explain.en: The private halves of these keys are published. Anybody can make a newer version of such a module that
--   the phone accepts.
-- explain.nl: De geheime helften van deze sleutels zijn gepubliceerd. Iedereen kan een nieuwere versie van zo'n
--   module maken die de telefoon aanneemt.
-- reference: https://source.android.com/docs/core/ota/apex
-- limits: The key that verifies whole updates is looked at where the build holds it as a certificate file.
-- needs: signature, signer
SELECT a.build_id, NULL AS actor_id, coalesce(a.device_path, a.path) AS subject, min(g.fact_id) AS fact_id, min(s.fact_id) AS evidence, s.known_as AS key
FROM signature g JOIN artifact a ON a.artifact_id = g.artifact_id JOIN signer s ON s.build_id = a.build_id AND s.sha256 = g.signer
WHERE g.package_id IS NULL AND g.verdict = 'verified' AND s.known_as LIKE 'aosp-%' AND a.kind <> 'apk'
GROUP BY a.artifact_id, s.known_as ORDER BY a.build_id, subject
