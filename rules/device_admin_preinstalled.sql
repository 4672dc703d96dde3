-- rule: device_admin_preinstalled
-- theme: rights
-- severity: low
-- strength: present
-- title.en: Preinstalled apps bring a device administrator
-- title.nl: Voorgeïnstalleerde apps brengen een apparaatbeheerder mee
-- says.en: {actor} brings the device administrator {subject}
-- says.nl: {actor} brengt de apparaatbeheerder {subject} mee
-- explain.en: A device administrator that is switched on can lock and wipe the phone and cannot be uninstalled before
--   it is switched off. That it is present does not show that it is on.
-- explain.nl: Een apparaatbeheerder die aanstaat kan de telefoon vergrendelen en wissen en is niet te verwijderen
--   voordat hij uitgezet is. Dat hij aanwezig is toont niet dat hij aanstaat.
-- reference: https://developer.android.com/guide/topics/admin/device-admin
-- limits: Whether the system switches it on by itself is not looked at.
-- needs: component, package
SELECT p.build_id, p.package_id AS actor_id, c.class AS subject, c.fact_id, p.name AS actor,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM component c JOIN package p ON p.package_id = c.package_id WHERE c.permission = 'android.permission.BIND_DEVICE_ADMIN' AND c.kind = 'receiver'
ORDER BY p.build_id, p.name, c.class, c.fact_id
