-- rule: backup_of_privileged_app
-- theme: data
-- severity: info
-- strength: present
-- title.en: Privileged apps let their data be backed up
-- title.nl: Bevoorrechte apps laten hun gegevens in back-ups meegaan
-- says.en: {actor} says that its data may be backed up
-- says.nl: {actor} zegt dat haar gegevens in een back-up mogen
-- explain.en: A backup takes the data of an app out of the phone, to a computer or a service, by the owner's choice.
--   For apps with messages or keys that is worth knowing.
-- explain.nl: Een back-up haalt de gegevens van een app uit de telefoon, naar een computer of een dienst, als de
--   eigenaar dat kiest. Bij apps met berichten of sleutels is dat goed om te weten.
-- reference: https://developer.android.com/guide/topics/manifest/application-element#allowbackup
-- limits: Only what the manifest says outright; saying nothing means yes on most versions.
-- needs: package, permission_grant
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, p.fact_id, p.name AS actor, max(EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)) AS baseline
FROM package p JOIN permission_grant g ON g.package_id = p.package_id
WHERE p.backup = 1 AND p.privileged = 1 AND g.effective IN ('granted', 'pregranted') AND g.permission IN ('android.permission.READ_SMS', 'android.permission.READ_CONTACTS', 'android.permission.READ_CALL_LOG', 'android.permission.GET_ACCOUNTS')
GROUP BY p.package_id ORDER BY p.build_id, p.name
