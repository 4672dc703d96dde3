-- rule: exported_door_of_system_app
-- theme: doors
-- severity: high
-- strength: able
-- title.en: Apps that run as the system user have a door that anybody may open
-- title.nl: Apps die als systeemgebruiker draaien hebben een deur die iedereen mag openen
-- says.en: {actor} runs as {shared_uid}, and any app may reach its {kind} {subject}: no permission is asked
-- says.nl: {actor} draait als {shared_uid}, en elke app kan haar {kind} {subject} bereiken: er wordt geen toestemming
--   gevraagd
-- explain.en: What runs as the system user holds nearly every right. A receiver, service or provider of such an app
--   that asks no permission of its caller lends those rights to whoever finds out what it does. That the door is open
--   does not show that something harmful lies behind it; the code may check its caller itself.
-- explain.nl: Wat als de systeemgebruiker draait heeft bijna elk recht. Een ontvanger, dienst of gegevensbron van
--   zo'n app die haar aanroeper geen toestemming vraagt leent die rechten uit aan wie uitvindt wat ze doet. Dat de
--   deur openstaat toont niet dat er iets schadelijks achter zit; de code kan haar aanroeper zelf controleren.
-- reference: https://developer.android.com/privacy-and-security/risks/android-exported
-- limits: Screens (activities) and receivers of broadcasts that only the system may send are left out. Checks in code
--   are shown by the rules on reachable code, not here.
-- needs: component, package
SELECT p.build_id, p.package_id AS actor_id, c.class AS subject, c.fact_id, p.fact_id AS evidence, p.name AS actor, c.kind, p.shared_uid,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM component c JOIN package p ON p.package_id = c.package_id
WHERE p.shared_uid = 'android.uid.system' AND c.exported = 1 AND coalesce(c.enabled, 1) = 1 AND c.kind IN ('service', 'receiver', 'provider')
  AND c.permission IS NULL AND (c.kind <> 'provider' OR c.read_permission IS NULL OR c.write_permission IS NULL)
  AND NOT (c.kind = 'receiver' AND c.action IS NOT NULL AND c.action NOT LIKE '%,%' AND (c.action LIKE 'android.intent.action.BOOT_COMPLETED' OR c.action LIKE 'android.intent.action.LOCKED_BOOT_COMPLETED'
           OR c.action LIKE 'android.intent.action.PACKAGE_%' OR c.action LIKE 'android.intent.action.USER_%' OR c.action LIKE 'android.intent.action.MY_PACKAGE_REPLACED'))
ORDER BY p.build_id, p.name, c.class, c.fact_id
