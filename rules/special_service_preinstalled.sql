-- rule: special_service_preinstalled
-- theme: rights
-- severity: low
-- strength: present
-- title.en: Preinstalled apps bring services that see the screen, notifications or keystrokes
-- title.nl: Voorgeïnstalleerde apps brengen diensten mee die scherm, meldingen of toetsaanslagen zien
-- says.en: {actor} brings {what}: {subject}
-- says.nl: {actor} brengt een dienst mee ({what}): {subject}
-- explain.en: An accessibility service reads the screen and acts for the owner, a notification listener reads every
--   notification, a keyboard sees what is typed, a VPN sees all traffic. Present is not switched on; a preinstalled
--   one can be switched on by the maker.
-- explain.nl: Een toegankelijkheidsdienst leest het scherm en handelt voor de eigenaar, een meldingenlezer leest elke
--   melding, een toetsenbord ziet wat getypt wordt, een VPN ziet al het verkeer. Aanwezig is niet ingeschakeld; de
--   maker kan een voorgeïnstalleerde inschakelen.
-- reference: https://developer.android.com/guide/topics/ui/accessibility/service
-- limits: Whether it is switched on from the start is in settings that are set on the running phone.
-- needs: component, package
SELECT p.build_id, p.package_id AS actor_id, c.class AS subject, c.fact_id, p.name AS actor,
       CASE c.permission WHEN 'android.permission.BIND_ACCESSIBILITY_SERVICE' THEN 'accessibility service' WHEN 'android.permission.BIND_NOTIFICATION_LISTENER_SERVICE' THEN 'notification listener'
         WHEN 'android.permission.BIND_INPUT_METHOD' THEN 'keyboard' WHEN 'android.permission.BIND_VPN_SERVICE' THEN 'VPN' ELSE 'call screening' END AS what,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM component c JOIN package p ON p.package_id = c.package_id
WHERE c.kind = 'service' AND c.permission IN ('android.permission.BIND_ACCESSIBILITY_SERVICE', 'android.permission.BIND_NOTIFICATION_LISTENER_SERVICE', 'android.permission.BIND_INPUT_METHOD', 'android.permission.BIND_VPN_SERVICE',
  'android.permission.BIND_SCREENING_SERVICE') AND p.partition IS NOT NULL AND p.partition <> 'data'
ORDER BY p.build_id, p.name, c.class, c.fact_id
