-- rule: open_door_to_settings_or_network
-- theme: doors
-- severity: high
-- strength: able
-- title.en: An open door leads to code that changes certificates, DNS, proxy, settings or wipes the phone
-- title.nl: Een open deur leidt naar code die certificaten, DNS, proxy of instellingen wijzigt of de telefoon wist
-- says.en: Any app can set in motion code of {actor} that is able to {power}, by its {kind} {subject}
-- says.nl: Elke app kan code van {actor} in gang zetten met het vermogen {power}, via haar {kind} {subject}
-- explain.en: Code that changes what the phone trusts, how it reaches the network or how it is set can be reached
--   from a part that every app may start, and the app holds a right to do it.
-- explain.nl: Code die wijzigt wat de telefoon vertrouwt, hoe ze het netwerk bereikt of hoe ze is ingesteld is
--   bereikbaar vanuit een onderdeel dat elke app mag starten, en de app heeft er een recht toe.
-- reference: https://developer.android.com/privacy-and-security/risks/android-exported
-- limits: Paths are over calls, not over values; a single harmless setting counts as much as one that matters.
-- needs: open_door, package
SELECT p.build_id, p.package_id AS actor_id, d.entry AS subject, d.fact_id, p.name AS actor, d.kind, replace(d.power, '_', ' ') AS power, d.code AS note,
       CASE d.power WHEN 'change_settings' THEN 'medium' ELSE 'high' END AS severity,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM open_door d JOIN package p ON p.package_id = d.package_id
WHERE d.guard IS NULL AND d.power IN ('change_roots', 'change_network', 'intercept_traffic', 'change_settings', 'lock_or_wipe', 'update_system', 'reach_modem', 'send_messages')
ORDER BY p.build_id, p.name, d.entry, d.power, d.fact_id
