-- rule: open_door_to_silent_install
-- theme: doors
-- severity: critical
-- strength: able
-- title.en: An open door leads to code that installs or removes apps without asking
-- title.nl: Een open deur leidt naar code die apps zonder vragen installeert of verwijdert
-- says.en: Any app can set in motion code of {actor} that is able to {power}, by its {kind} {subject}
-- says.nl: Elke app kan code van {actor} in gang zetten met het vermogen {power}, via haar {kind} {subject}
-- explain.en: The app holds the right to install, update or remove apps without a question to the owner, and code
--   that does so can be reached from a part that every app may start.
-- explain.nl: De app heeft het recht om apps zonder vraag aan de eigenaar te installeren, bij te werken of te
--   verwijderen, en code die dat doet is bereikbaar vanuit een onderdeel dat elke app mag starten.
-- reference: https://developer.android.com/privacy-and-security/risks/android-exported
-- limits: Paths are over calls, not over values; which package is installed may be fixed.
-- needs: open_door, package
SELECT p.build_id, p.package_id AS actor_id, d.entry AS subject, d.fact_id, p.fact_id AS evidence, p.name AS actor, d.kind, replace(d.power, '_', ' ') AS power, d.code AS note,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM open_door d JOIN package p ON p.package_id = d.package_id
WHERE d.guard IS NULL AND d.power IN ('install_silently', 'remove_silently', 'grant_rights', 'switch_checks_off')
ORDER BY p.build_id, p.name, d.entry, d.power, d.fact_id
