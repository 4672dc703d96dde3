-- rule: open_door_to_personal_data
-- theme: doors
-- severity: high
-- strength: able
-- title.en: An open door leads to code that reads messages, calls, contacts or places
-- title.nl: Een open deur leidt naar code die berichten, oproepen, contacten of plaatsen leest
-- says.en: Any app can set in motion code of {actor} that can {power}, by its {kind} {subject}
-- says.nl: Elke app kan code van {actor} in gang zetten met het vermogen {power}, via haar {kind} {subject}
-- explain.en: From a part of the app that every app may start, a path of calls leads to code that reads personal
--   data, and the app holds a right to read it. That the path is walked with data going back to the caller is not
--   shown.
-- explain.nl: Van een onderdeel dat elke app mag starten leidt een pad van aanroepen naar code die persoonlijke
--   gegevens leest, en de app heeft er een recht toe. Dat het pad gelopen wordt en gegevens teruggaan naar de
--   aanroeper is niet getoond.
-- reference: https://developer.android.com/privacy-and-security/risks/android-exported
-- limits: Paths are over calls, not over values; a check of the caller that the code makes in another way than by its
--   permission is not seen.
-- needs: open_door, package
SELECT p.build_id, p.package_id AS actor_id, d.entry AS subject, d.fact_id, p.name AS actor, d.kind, replace(d.power, '_', ' ') AS power, d.code AS note,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM open_door d JOIN package p ON p.package_id = d.package_id
WHERE d.guard IS NULL AND d.power IN ('read_messages', 'read_calls', 'read_contacts', 'locate', 'read_accounts', 'read_notifications', 'read_calendar', 'read_screen', 'record_calls', 'record_sound', 'record_video')
ORDER BY p.build_id, p.name, d.entry, d.power, d.fact_id
