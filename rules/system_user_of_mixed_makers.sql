-- rule: system_user_of_mixed_makers
-- theme: rights
-- severity: medium
-- strength: present
-- title.en: One user is shared by packages whose code comes from different makers
-- title.nl: Een gebruiker wordt gedeeld door pakketten met code van verschillende makers
-- says.en: {subject} is shared by {count} packages of {makers} makers by name: {names}
-- says.nl: {subject} wordt gedeeld door {count} pakketten van {makers} makers naar naam: {names}
-- explain.en: Packages that share a user hold each other's rights and data. Where the packages of a shared user carry
--   names of several makers, each of those makers' code has what all of them have. Names are claims; the same key
--   signs all of them.
-- explain.nl: Pakketten die een gebruiker delen hebben elkaars rechten en gegevens. Waar de pakketten van een
--   gedeelde gebruiker namen van verschillende makers dragen, heeft de code van elk van die makers wat ze samen
--   hebben. Namen zijn beweringen; dezelfde sleutel tekent ze alle.
-- reference: https://developer.android.com/guide/topics/manifest/manifest-element
-- limits: A maker is the first two parts of a package's name; names of plain AOSP, Google and chip makers are one
--   each.
-- needs: package
WITH part AS (
  SELECT build_id, shared_uid, package_id, name, fact_id,
         CASE WHEN name NOT LIKE '%.%.%' THEN name ELSE substr(name, 1, instr(name, '.') + instr(substr(name, instr(name, '.') + 1), '.') - 1) END AS maker
  FROM package WHERE shared_uid IN ('android.uid.system', 'android.uid.phone', 'android.uid.bluetooth', 'android.uid.nfc', 'android.uid.systemui') AND name LIKE '%.%' AND name NOT LIKE 'com.android.%')
SELECT build_id, NULL AS actor_id, shared_uid AS subject, min(fact_id) AS fact_id, group_concat(DISTINCT fact_id) AS evidence, count(DISTINCT name) AS count, count(DISTINCT maker) AS makers,
       group_concat(DISTINCT maker) AS names
FROM part GROUP BY build_id, shared_uid HAVING count(DISTINCT maker) > 1 ORDER BY build_id, shared_uid
