-- page: permissions
-- order: 30
-- title.en: Permissions
-- title.nl: Rechten
-- sentence.en: Which rights packages ask for. A request shows what a package is able to ask of the system, not that it was
--   given, and not that it was used.
-- sentence.nl: Welke rechten pakketten vragen. Een verzoek toont wat een pakket van het systeem kan vragen, niet dat het is
--   gegeven, en niet dat het is gebruikt.

-- part: by_permission
-- title.en: By permission
-- title.nl: Per recht
-- empty.en: No package requests a permission.
-- empty.nl: Geen enkel pakket vraagt een recht.
-- column: permission | name | Permission | Recht | Name of the right | Naam van het recht
-- column: packages | number | Asked by | Gevraagd door | Packages that request it | Pakketten die het vragen
-- column: granted | number | Given to | Gegeven aan | Packages to which the system gives it without asking the owner, as far as known | Pakketten waaraan het systeem het geeft zonder de eigenaar te vragen, voor zover bekend
-- column: protection | text | Protection | Bescherming | Who may hold it, as its declaration says | Wie het mag houden, volgens de verklaring ervan
-- column: build | build | Build | Build | The build | De build
SELECT g.permission, count(DISTINCT g.package_id) AS packages,
       count(DISTINCT CASE WHEN g.effective IN ('granted', 'pregranted') THEN g.package_id END) AS granted,
       min(g.protection) AS protection, coalesce(nullif(b.label, ''), 'build ' || p.build_id) AS build
FROM permission_grant g JOIN package p ON p.package_id = g.package_id LEFT JOIN build b ON b.build_id = p.build_id
WHERE g.requested = 1 GROUP BY p.build_id, g.permission ORDER BY p.build_id, packages DESC, g.permission

-- part: grants
-- title.en: By package
-- title.nl: Per pakket
-- empty.en: No package requests or holds a permission.
-- empty.nl: Geen enkel pakket vraagt of houdt een recht.
-- column: package | package | Package | Pakket | Name of the package | Naam van het pakket
-- column: permission | name | Permission | Recht | Name of the right | Naam van het recht
-- column: requested | yesno | Asked | Gevraagd | The manifest requests it | Het manifest vraagt het
-- column: effective | state:effective | Outcome | Uitkomst | What the system would do with the request | Wat het systeem met het verzoek zou doen
-- column: protection | state | Protection | Bescherming | Who may hold it, as its declaration says | Wie het mag houden, volgens de verklaring ervan
-- column: build | build | Build | Build | The build | De build
-- column: why | text:right | Why | Waarom | The rule behind the outcome | De regel achter de uitkomst
-- column: fact_id | fact | Permission | Recht | Where the manifest asks for it | Waar het manifest erom vraagt
SELECT p.name AS package, g.permission, g.requested, g.effective, g.protection,
       coalesce(nullif(b.label, ''), 'build ' || p.build_id) AS build, g.why, g.fact_id
FROM permission_grant g JOIN package p ON p.package_id = g.package_id LEFT JOIN build b ON b.build_id = p.build_id
ORDER BY p.build_id, p.name, g.package_id, g.permission, g.fact_id
