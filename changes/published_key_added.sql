-- change: published_key_added
-- theme: keys
-- effect: more
-- severity: critical
-- title.en: A key that everybody has is in a place where it was not
-- title.nl: Een sleutel die iedereen heeft staat op een plaats waar hij eerst niet stond
-- says.en: {where_en}: a published test key; before: {was_en}
-- says.nl: {where_nl}: een gepubliceerde testsleutel; eerst: {was_nl}
-- why.en: Its private half is published: anybody can sign what this phone takes for its maker's.
-- why.nl: De geheime helft is gepubliceerd: iedereen kan tekenen wat deze telefoon voor werk van de maker houdt.
-- limits: Prebuilt packages of AOSP's own test suite (CtsShim) are left out: they hold nothing.
-- words: before after
SELECT subject, before, after, CASE before WHEN 'another' THEN 'another key' ELSE 'nothing of that place is in the old build' END AS was_en, CASE before WHEN 'another' THEN 'een andere sleutel' ELSE 'niets van die plaats is in de oude build' END AS was_nl,
       CASE subject WHEN 'ota' THEN 'Keys of updates' WHEN 'avb' THEN 'Verified boot' WHEN 'apk' THEN 'Packages' ELSE 'Modules' END AS where_en,
       CASE subject WHEN 'ota' THEN 'Sleutels van updates' WHEN 'avb' THEN 'Verified boot' WHEN 'apk' THEN 'Pakketten' ELSE 'Modules' END AS where_nl, severity, 95 AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM update_check WHERE what = 'test_key' AND result = 'failed' AND before IS NOT 'public'
