-- rule: open_door_to_commands
-- theme: doors
-- severity: critical
-- strength: able
-- title.en: An open door leads to code that runs commands
-- title.nl: Een open deur leidt naar code die opdrachten uitvoert
-- says.en: Any app can set in motion code of {actor} that runs commands as {user}, by its {kind} {subject}
-- says.nl: Elke app kan code van {actor} in gang zetten die opdrachten uitvoert als {user}, via haar {kind} {subject}
-- explain.en: From a part of the app that every app may start, without a permission, a path of calls leads to code
--   that starts programs. In a privileged app or one that runs as a user of the system those programs have its
--   rights. Whether the caller decides what is run is not shown by the path alone; a command that stands in the code
--   as a whole can be set off, not chosen, and weighs less.
-- explain.nl: Van een onderdeel dat elke app zonder toestemming mag starten leidt een pad van aanroepen naar code die
--   programma's start. In een bevoorrechte app of een die als systeemgebruiker draait hebben die programma's haar
--   rechten. Of de aanroeper bepaalt wat er draait blijkt niet uit het pad alleen; een opdracht die in haar geheel in de
--   code staat kan worden losgelaten, niet gekozen, en weegt minder.
-- reference: https://cwe.mitre.org/data/definitions/926.html
-- limits: Only privileged apps and apps of shared system users; paths over calls, not over values.
-- needs: open_door, package
SELECT p.build_id, p.package_id AS actor_id, d.entry AS subject, d.fact_id, p.fact_id AS evidence, p.name AS actor, d.kind, d.code AS note, coalesce(p.shared_uid, 'a user of its own') AS user,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline,
       CASE WHEN d.fixed = 1 THEN 'medium' WHEN p.shared_uid LIKE 'android.uid.%' THEN 'critical' ELSE 'high' END AS severity
FROM open_door d JOIN package p ON p.package_id = d.package_id
WHERE d.guard IS NULL AND d.power = 'run_commands' AND (p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%')
ORDER BY p.build_id, p.name, d.entry, d.fact_id
