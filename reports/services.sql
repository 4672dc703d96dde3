-- page: services
-- order: 62
-- title.en: Services
-- title.nl: Diensten
-- sentence.en: Native programs that the system starts, with the user, rights and SELinux domain they run with. Declared is not running.
-- sentence.nl: Native programma's die het systeem start, met de gebruiker, rechten en het SELinux-domein waarmee ze draaien. Gedeclareerd is niet draaiend.

-- part: list
-- title.en: Services
-- title.nl: Diensten
-- empty.en: No service was found; the files that declare them may not be in the evidence.
-- empty.nl: Er is geen dienst gevonden; de bestanden die ze declareren zitten mogelijk niet in het bewijs.
-- column: name | package | Service | Dienst | Its name | De naam
-- column: user | state | User | Gebruiker | The user it runs as; root when none is named | De gebruiker waaronder hij draait; root als er geen genoemd is
-- column: executable | path | Program | Programma | What is started | Wat er gestart wordt
-- column: seclabel | text | SELinux domain | SELinux-domein | As stated or computed | Zoals vermeld of berekend
-- column: capabilities | text | Capabilities | Vermogens van root | Kept powers of root | Behouden vermogens van root
-- column: sockets | text | Sockets | Sockets | With their modes | Met hun rechten
-- column: class | state | Class | Klasse | When it is started | Wanneer hij gestart wordt
-- column: disabled | yesno | On demand | Op verzoek | Not started with its class | Niet gestart met zijn klasse
-- column: build | build | Build | Build | The build | De build
-- column: fact_id | fact | Service | Dienst | Where it is declared | Waar hij gedeclareerd is
SELECT s.name, coalesce(s.user, 'root') AS user, s.executable, s.seclabel, s.capabilities, (SELECT group_concat(k.name || ' ' || coalesce(k.mode, ''), ', ') FROM service_socket k WHERE k.actor_id = s.actor_id) AS sockets, s.class, s.disabled,
       coalesce(nullif(b.label, ''), 'build ' || s.build_id) AS build, s.fact_id
FROM service s LEFT JOIN build b ON b.build_id = s.build_id ORDER BY s.build_id, coalesce(s.user, 'root') <> 'root', s.name, s.fact_id
