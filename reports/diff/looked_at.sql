-- page: looked_at
-- order: 20
-- title.en: What was compared
-- title.nl: Wat is vergeleken
-- sentence.en: The two builds, which kinds of change were looked for, and which files were read on one side only.
-- sentence.nl: De twee builds, naar welke soorten veranderingen is gezocht, en welke bestanden aan één kant gelezen zijn.

-- part: builds
-- form: cards
-- title.en: The two builds
-- title.nl: De twee builds
-- empty.en: No build.
-- empty.nl: Geen build.
-- column: side | state:side | Side | Kant | Before or after | Eerst of nu
-- column: name | text | Handed in as | Aangeleverd als | Name of the file | Naam van het bestand
-- column: label | text | Phone | Telefoon | By its own word | Naar eigen zeggen
-- column: fingerprint | text | Fingerprint | Fingerprint | The maker's name of the build | De naam die de maker de build geeft
-- column: security_patch | text | Patch level | Patchniveau | That it claims | Dat ze noemt
-- column: digest | digest | Digest | Digest | Equal for equal inputs | Gelijk bij gelijke invoer
-- column: files_read | number | Files read | Gelezen bestanden | Of those known | Van de bekende
-- column: files_listed | number | Files known | Bekende bestanden | Read or not | Gelezen of niet
SELECT side, name, label, fingerprint, security_patch, digest, files_read, files_listed FROM side ORDER BY side DESC

-- part: asked
-- title.en: Kinds of change
-- title.nl: Soorten veranderingen
-- sentence.en: No row of a kind that was asked means that nothing of the kind was found in what was read.
-- sentence.nl: Geen regel van een soort waarnaar gevraagd is betekent dat er niets van die soort gevonden is in wat gelezen is.
-- empty.en: None.
-- empty.nl: Geen.
-- column: title_en | text | Kind | Soort | What it looks for | Waar ze naar zoekt
-- column: title_nl | text | Kind | Soort | What it looks for | Waar ze naar zoekt
-- column: state | state:change_state | Asked | Gevraagd | Whether the question could be asked to the end | Of de vraag tot het einde gesteld kon worden
-- column: changes | number | Changes | Veranderingen | How many were found | Hoeveel er gevonden zijn
-- column: limits | text | Cannot see | Ziet niet | What the question misses | Wat de vraag mist
-- column: kind | text | File | Bestand | In changes/ | In changes/
SELECT title AS title_en, title_nl, state, changes, limits, kind FROM change_run ORDER BY changes DESC, kind

-- part: packages
-- title.en: Packages
-- title.nl: Pakketten
-- sentence.en: Which package of the new build is taken for which of the old one.
-- sentence.nl: Welk pakket van de nieuwe build voor welk van de oude genomen is.
-- empty.en: No packages.
-- empty.nl: Geen pakketten.
-- column: app | name | Package | Pakket | Name now | Naam nu
-- column: before_name | name | Before | Eerst | Name in the old build | Naam in de oude build
-- column: how | state:pair | Paired by | Verbonden door | What makes them one | Wat ze tot één maakt
SELECT app, before_name, how FROM package_pair ORDER BY how, app

-- part: files
-- title.en: Files on one side only, or moved
-- title.nl: Bestanden aan één kant, of verplaatst
-- sentence.en: Paths as the running phone has them.
-- sentence.nl: Paden zoals de draaiende telefoon ze heeft.
-- empty.en: Every file has its counterpart at the same path.
-- empty.nl: Elk bestand heeft zijn tegenhanger op hetzelfde pad.
-- column: path | path | File | Bestand | Path now | Pad nu
-- column: before_path | path | Before | Eerst | Path in the old build | Pad in de oude build
-- column: how | state:pair | Paired by | Verbonden door | What makes them one | Wat ze tot één maakt
-- column: kind | text | Kind | Soort | By its content | Naar zijn inhoud
-- column: before_fact | fact | Before | Eerst | In the old build | In de oude build
-- column: after_fact | fact | After | Nu | In the new build | In de nieuwe build
SELECT path, before_path, how, kind, before_fact, after_fact FROM file_pair WHERE how <> 'path' ORDER BY how, path
