-- page: who_can
-- order: 14
-- title.en: Who can do what
-- title.nl: Wie kan wat
-- sentence.en: Powers over the owner, and who has them: by which right, with which code, and whether anything reaches that code. Able is not done.
-- sentence.nl: Vermogens over de eigenaar, en wie ze heeft: door welk recht, met welke code, en of iets die code bereikt. In staat is niet gedaan.

-- part: grid
-- form: matrix
-- title.en: Powers of packages and services
-- title.nl: Vermogens van pakketten en diensten
-- sentence.en: Full dot: right or code is there and something reaches it. Half dot: whether anything reaches it is not known. Open dot: nothing was found that reaches it, or no code was found. Faint: plain AOSP has this package too.
-- sentence.nl: Volle stip: recht of code is er en iets bereikt die. Halve stip: of iets die bereikt is niet bekend. Open stip: niets gevonden dat die bereikt, of geen code gevonden. Vaag: kaal AOSP heeft dit pakket ook.
-- empty.en: No power was found of any package or service.
-- empty.nl: Van geen enkel pakket of dienst is een vermogen gevonden.
-- column: package | package | Who | Wie | The package or service | Het pakket of de dienst
-- column: power | state:power | Power | Vermogen | What it is able to do | Waartoe het in staat is
-- column: use | state:power_use | Reached | Bereikt | Whether anything reaches the code | Of iets de code bereikt
-- column: share | state:share | Whose | Van wie | Whether plain AOSP has this package too | Of kaal AOSP dit pakket ook heeft
-- column: partition | state | Partition | Partitie | Part of the system it lies in | Deel van het systeem waarin het ligt
-- column: kind | state | Kind | Soort | package, service, framework, … | package, service, framework, …
-- column: entry_kind | state:entry_kind | Entry | Ingang | How that code is reached | Hoe die code bereikt wordt
-- column: held_by | text | Right | Recht | The right that allows it | Het recht dat het toestaat
-- column: code | text | Code | Code | The code that does it | De code die het doet
-- column: entry | name | Entry | Ingang | The part that is started | Het onderdeel dat gestart wordt
-- column: guard | text | Guard | Bewaking | What a caller must hold, or that the code asks | Wat een aanroeper moet hebben, of dat de code het vraagt
-- column: way | text | Way | Weg | From the entry to the code | Van de ingang naar de code
-- column: build | build | Build | Build | The build | De build
-- column: fact_id | fact | Power | Vermogen | Where it follows from | Waar het uit volgt
SELECT x.name AS package, w.power, CASE WHEN w.code IS NULL THEN 'no_code' WHEN w.reachable = 1 THEN 'reached' WHEN w.reachable = 0 THEN 'not_reached' ELSE 'not_known' END AS use,
       CASE WHEN w.baseline = 1 THEN 'aosp' ELSE 'maker' END AS share, p.partition, x.kind, w.entry_kind, w.held_by, w.code, w.entry, w.guard, w.way, coalesce(nullif(b.label, ''), 'build ' || x.build_id) AS build, w.fact_id
FROM power w JOIN actor x ON x.actor_id = w.actor_id LEFT JOIN package p ON p.package_id = x.actor_id LEFT JOIN build b ON b.build_id = x.build_id
ORDER BY w.baseline = 1, x.name, x.build_id, w.power, w.fact_id
