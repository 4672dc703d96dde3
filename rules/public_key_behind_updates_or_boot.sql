-- rule: public_key_behind_updates_or_boot
-- theme: keys
-- severity: critical
-- strength: present
-- title.en: Updates, verified boot or modules rest on a key that everybody has
-- title.nl: Updates, verified boot of modules rusten op een sleutel die iedereen heeft
-- says.en: {subject} rests on a published key ({key})
-- says.nl: {subject} rust op een gepubliceerde sleutel ({key})
-- explain.en: The private halves of these keys are published with the Android sources. Anybody can sign an update, a boot image
--   or a module that the phone takes for its maker's.
-- explain.nl: De geheime helften van deze sleutels staan in de broncode van Android. Iedereen kan een update, een opstartimage
--   of een module tekenen die de telefoon voor werk van de maker houdt.
-- reference: https://source.android.com/docs/core/ota/sign_builds
-- limits: The module com.android.apex.cts.shim of AOSP's own test suite is left out: it holds nothing. Containers of modules and
--   packages are rules of their own.
-- needs: test_key
SELECT build_id, NULL AS actor_id, subject, min(fact_id) AS fact_id, known_as AS key FROM test_key
WHERE answer = 'public' AND (place IN ('ota', 'avb') OR (place = 'apex' AND subject LIKE '% image')) AND subject NOT LIKE '%cts.shim%' GROUP BY build_id, subject, known_as ORDER BY build_id, subject
