-- page: components
-- order: 40
-- title.en: Components
-- title.nl: Componenten
-- sentence.en: The parts of packages that the system or other apps can start. Those that every app can reach come first. Being
--   reachable is not the same as doing harm: most launcher icons are.
-- sentence.nl: De delen van pakketten die het systeem of andere apps kunnen starten. Wat elke app kan bereiken staat vooraan.
--   Bereikbaar zijn is niet hetzelfde als kwaad doen: de meeste startpictogrammen zijn het.
-- empty.en: No component was found in a manifest.
-- empty.nl: In geen manifest is een component gevonden.
-- column: package | package | Package | Pakket | Name of the package | Naam van het pakket
-- column: class | name | Class | Klasse | The code that is started | De code die wordt gestart
-- column: kind | state:component | Kind | Soort | Kind of component | Soort component
-- column: exported | yesno | Exported | Geëxporteerd | Other apps can reach it | Andere apps kunnen erbij
-- column: permission | name | Asks for | Vraagt | The right that a caller must hold; none: any app | Het recht dat de aanroeper moet houden; geen: elke app
-- column: action | text | Starts on | Start bij | Messages that it answers to | Berichten waar het op reageert
-- column: enabled | yesno | Enabled | Ingeschakeld | Switched on in the manifest | In het manifest ingeschakeld
-- column: build | build | Build | Build | The build | De build
-- column: exported_why | text | Exported because | Geëxporteerd omdat | Whether it is said or follows from a rule | Of het er staat of uit een regel volgt
-- column: authorities | text | Authorities | Autoriteiten | Names under which a data source is asked | Namen waaronder een gegevensbron wordt bevraagd
-- column: process | text | Process | Proces | Process it runs in | Proces waarin het draait
-- column: fact_id | fact | Component | Component | Where the manifest declares it | Waar het manifest het verklaart
SELECT p.name AS package, c.class, c.kind, c.exported, nullif(c.permission, '') AS permission, nullif(c.action, '') AS action, c.enabled,
       coalesce(nullif(b.label, ''), 'build ' || p.build_id) AS build, c.exported_why, nullif(c.authorities, '') AS authorities, c.process, c.fact_id
FROM component c JOIN package p ON p.package_id = c.package_id LEFT JOIN build b ON b.build_id = p.build_id
ORDER BY p.build_id, coalesce(c.exported, 0) DESC, coalesce(c.permission, '') <> '', p.name, c.class, c.fact_id
