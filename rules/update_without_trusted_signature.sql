-- rule: update_without_trusted_signature
-- theme: keys
-- severity: medium
-- strength: present
-- title.en: An update file that no key of its own build signed
-- title.nl: Een updatebestand dat geen sleutel van zijn eigen build heeft getekend
-- says.en: {subject} ({place}): {why}
-- says.nl: {subject} ({place}): {waarom}
-- explain.en: Makers mostly sign an update with the key that its build also trusts. Another key may mean that the file was signed
--   anew, or that keys changed.
-- explain.nl: Makers tekenen een update meestal met de sleutel die zijn build ook vertrouwt. Een andere sleutel kan betekenen dat
--   het bestand opnieuw is getekend, of dat sleutels zijn veranderd.
-- reference: https://source.android.com/docs/core/ota/sign_builds
-- limits: What the phone trusts now stands in its old build: compare the two. Keys that older recoveries hold as numbers (res/keys) are read, those on elliptic curves among them are not.
-- needs: update_signature
SELECT s.build_id, NULL AS actor_id, a.path AS subject, min(s.fact_id) AS fact_id, s.place,
       CASE max(s.detail) IS NULL WHEN 1 THEN 'signed, but by no key that the build in it takes updates from' ELSE 'signed by a key that the build in it takes updates from, in a way that recovery refuses' END AS why,
       CASE max(s.detail) IS NULL WHEN 1 THEN 'getekend, maar met geen sleutel waarvan de build erin updates aanneemt' ELSE 'getekend met een sleutel waarvan de build erin updates aanneemt, op een manier die recovery weigert' END AS waarom
FROM update_signature s JOIN artifact a ON a.artifact_id = s.artifact_id
WHERE s.result = 'failed' AND NOT EXISTS (SELECT 1 FROM update_signature o WHERE o.artifact_id = s.artifact_id AND o.place = s.place AND o.result = 'verified')
GROUP BY s.build_id, a.path, s.place ORDER BY s.build_id, a.path, s.place
