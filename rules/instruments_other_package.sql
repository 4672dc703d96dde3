-- rule: instruments_other_package
-- theme: code
-- severity: medium
-- strength: present
-- title.en: Preinstalled apps bring code that runs inside another app
-- title.nl: Voorgeïnstalleerde apps brengen code mee die binnen een andere app draait
-- says.en: {actor} can be run inside {subject}
-- says.nl: {actor} kan binnen {subject} draaien
-- explain.en: Instrumentation puts code into the process of another app, with its rights and data. It is meant for
--   tests and has no place in a phone that was sold.
-- explain.nl: Instrumentatie zet code in het proces van een andere app, met haar rechten en gegevens. Het is bedoeld
--   voor tests en hoort niet in een verkochte telefoon.
-- reference: https://developer.android.com/guide/topics/manifest/instrumentation-element
-- limits: Both must be signed alike; starting it needs adb or a right of the system.
-- needs: manifest_entry, package
SELECT p.build_id, p.package_id AS actor_id, substr(e.value || ';', instr(e.value, 'targetPackage=') + 14, instr(substr(e.value || ';', instr(e.value, 'targetPackage=') + 14), ';') - 1) AS subject, e.fact_id, p.name AS actor, e.name AS note
FROM manifest_entry e JOIN package p ON p.package_id = e.package_id
WHERE e.tag = 'instrumentation' AND e.value LIKE '%targetPackage=%' AND e.value NOT LIKE '%targetPackage=' || p.name || ';%' AND e.value NOT LIKE '%targetPackage=' || p.name
ORDER BY p.build_id, p.name, subject, e.fact_id
