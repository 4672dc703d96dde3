-- rule: old_target_holds_without_asking
-- theme: rights
-- severity: low
-- strength: present
-- title.en: Preinstalled apps keep rights without a question because they are made for an old Android
-- title.nl: Voorgeïnstalleerde apps houden rechten zonder vraag omdat ze voor een oude Android gemaakt zijn
-- says.en: {actor} is made for API level {target_sdk} and holds {count} rights over personal data without a question
-- says.nl: {actor} is gemaakt voor API-niveau {target_sdk} en heeft {count} rechten op persoonlijke gegevens zonder
--   vraag
-- explain.en: An app whose target is below 23 gets the rights that it asks for at install, without a question. On a
--   phone with Android 6 or later that takes the choice from the owner until it is switched off by hand.
-- explain.nl: Een app met een doel onder 23 krijgt de rechten die ze vraagt bij installatie, zonder vraag. Op een
--   telefoon met Android 6 of later neemt dat de eigenaar de keuze af tot die met de hand wordt uitgezet.
-- reference: https://developer.android.com/training/permissions/requesting
-- limits: Only on builds of API level 23 and up.
-- needs: permission_grant, package, build
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, p.fact_id, group_concat(DISTINCT g.fact_id) AS evidence, p.name AS actor, p.target_sdk, count(DISTINCT g.permission) AS count,
       max(EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)) AS baseline
FROM package p JOIN permission_grant g ON g.package_id = p.package_id JOIN build b ON b.build_id = p.build_id
WHERE p.target_sdk < 23 AND coalesce(b.sdk, 23) >= 23 AND g.effective IN ('granted', 'pregranted') AND g.protection LIKE 'dangerous%'
GROUP BY p.package_id ORDER BY p.build_id, p.name, p.fact_id
