-- rule: system_right_of_others
-- theme: rights
-- severity: medium
-- strength: present
-- title.en: Packages hold rights of the system although another key than the system's signs them
-- title.nl: Pakketten hebben rechten van het systeem hoewel een andere sleutel dan die van het systeem ze tekent
-- says.en: {actor} holds {subject} and is not signed with the key of the system
-- says.nl: {actor} heeft {subject} en is niet getekend met de sleutel van het systeem
-- explain.en: The listed rights are meant for the system itself or for privileged parts of it: they open silent
--   installs, other users' data, the screen or the network of everybody. Here somebody other than the maker of the
--   system has one, by a list of the image or by its place. That is a choice of the maker, not a fault in itself.
-- explain.nl: De genoemde rechten zijn bedoeld voor het systeem zelf of voor bevoorrechte delen ervan: ze openen
--   stille installaties, gegevens van andere gebruikers, het scherm of het netwerk van iedereen. Hier heeft iemand
--   anders dan de maker van het systeem er een, door een lijst van het image of door zijn plaats. Dat is een keuze
--   van de maker, op zichzelf geen fout.
-- reference: https://source.android.com/docs/core/permissions/perms-allowlist
-- limits: Only where the system's key is known. Packages of plain AOSP are left out.
-- needs: permission_grant, package, signer
SELECT p.build_id, p.package_id AS actor_id, g.permission AS subject, g.fact_id, p.name AS actor, g.why AS note, s.fact_id AS evidence
FROM permission_grant g JOIN package p ON p.package_id = g.package_id JOIN signer s ON s.build_id = p.build_id AND s.sha256 = p.signer
WHERE g.effective IN ('granted', 'pregranted') AND s.known_as IS NULL AND EXISTS (SELECT 1 FROM signer k WHERE k.build_id = p.build_id AND k.known_as IN ('platform', 'aosp-platform'))
  AND g.permission IN ('android.permission.INSTALL_PACKAGES', 'android.permission.DELETE_PACKAGES', 'android.permission.READ_PRIVILEGED_PHONE_STATE', 'android.permission.INTERACT_ACROSS_USERS_FULL',
    'android.permission.WRITE_SECURE_SETTINGS', 'android.permission.CAPTURE_AUDIO_OUTPUT', 'android.permission.READ_FRAME_BUFFER', 'android.permission.INJECT_EVENTS', 'android.permission.GRANT_RUNTIME_PERMISSIONS',
    'android.permission.MANAGE_DEVICE_ADMINS', 'android.permission.CONNECTIVITY_INTERNAL', 'android.permission.NETWORK_SETTINGS', 'android.permission.READ_LOGS', 'android.permission.DUMP', 'android.permission.REBOOT',
    'android.permission.MASTER_CLEAR', 'android.permission.RECOVERY', 'android.permission.CHANGE_COMPONENT_ENABLED_STATE', 'android.permission.CAPTURE_SECURE_VIDEO_OUTPUT', 'android.permission.MANAGE_USERS')
  AND NOT EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)
ORDER BY p.build_id, p.name, g.permission, g.fact_id
