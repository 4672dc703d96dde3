-- page: looked_at
-- order: 0
-- title.en: What was looked at
-- title.nl: Wat is bekeken
-- sentence.en: What was handed in, and how much of it could be read. A thing that is absent in this report may still be in a part that
--   could not be read, or in what was not handed in.
-- sentence.nl: Wat er is aangeleverd, en hoeveel daarvan te lezen was. Wat in dit rapport ontbreekt kan nog in een deel zitten dat niet te
--   lezen was, of in wat niet is aangeleverd.

-- part: made_sample
-- form: banner
-- tone: mark
-- say.en: Made sample: {label} was put together to show how klikspaan works. It is not the software of a phone that was sold.
-- say.nl: Gemaakt voorbeeld: {label} is in elkaar gezet om te tonen hoe klikspaan werkt. Het is niet de software van een verkochte telefoon.
-- column: label | text
SELECT coalesce(nullif(label, ''), model, 'build ' || build_id) AS label FROM build
WHERE lower(coalesce(model, '') || ' ' || coalesce(brand, '')) LIKE '%made sample%' ORDER BY build_id

-- part: incomplete
-- form: banner
-- tone: loss
-- say.en: Incomplete: a time limit ended the scan before everything was read. This case has no digest and proves nothing by what it lacks.
-- say.nl: Onvolledig: een tijdslimiet beëindigde de scan voordat alles gelezen was. Deze zaak heeft geen digest, en wat erin ontbreekt bewijst niets.
-- column: value | hidden
SELECT value FROM about WHERE key = 'complete' AND value = 'no'

-- part: say_identifiers_left
-- form: sentences
-- tone: loss
-- if: EXISTS (SELECT 1 FROM identifier_sought)
-- link: traffic
-- say.en: Of the owner's identifiers these were recognised in what left the phone: {list}.
-- say.nl: Van de kenmerken van de eigenaar zijn deze herkend in wat de telefoon verliet: {list}.
-- each.en: {identifier} to {hosts} {hosts|host|hosts}, {whom}
-- each.nl: {identifier} naar {hosts} {hosts|host|hosts}, {whom}
-- empty.en: None of the owner's identifiers that were looked for was recognised in what left the phone and could be read.
-- empty.nl: Geen van de kenmerken van de eigenaar waarnaar gezocht is, is herkend in wat de telefoon verliet en te lezen was.
-- column: identifier | state:identifier_kind
-- column: hosts | number
-- column: whom | text
WITH h AS (SELECT identifier, host, max(owner) AS owner FROM identifier_seen WHERE way = 'out' AND strength = 'decoded' GROUP BY identifier, host),
n AS (SELECT identifier, host || coalesce(' (' || owner || ')', '') AS whom, row_number() OVER (PARTITION BY identifier ORDER BY owner IS NULL, host) AS place, count(*) OVER (PARTITION BY identifier) AS hosts FROM h)
SELECT identifier, max(hosts) AS hosts, group_concat(whom, ', ') || iif(max(hosts) > 3, ', …', '') AS whom FROM (SELECT * FROM n WHERE place <= 3 ORDER BY identifier, place) GROUP BY identifier ORDER BY max(hosts) DESC, identifier

-- part: say_identifiers_not_seen
-- form: sentences
-- link: traffic
-- say.en: Looked for, and not seen in what went out and could be read: {list}. Not seen is not "not sent": it may have stood in what stayed dark, or have gone another way or at another time.
-- say.nl: Naar gezocht, en niet gezien in wat naar buiten ging en te lezen was: {list}. Niet gezien is niet "niet verstuurd": het kan gestaan hebben in wat donker bleef, of een andere weg of op een ander moment gegaan zijn.
-- each.en: {identifier}{part}
-- each.nl: {identifier}{part}
-- column: identifier | state:identifier_kind
-- column: part | text
SELECT s.identifier, iif(s.sought > 1, ' (' || (s.sought - s.seen) || '/' || s.sought || ')', '') AS part
FROM (SELECT identifier, sum(sought) AS sought, (SELECT count(DISTINCT digest) FROM identifier_seen x WHERE x.identifier = i.identifier AND x.way = 'out' AND x.strength = 'decoded') AS seen FROM identifier_sought i GROUP BY identifier) s
WHERE s.seen < s.sought ORDER BY s.identifier

-- part: say_identifiers_not_sought
-- form: sentences
-- tone: quiet
-- say.en: No identifier of the owner was looked for in the traffic, since none was given (scan --identifiers FILE). This report does not say whether one was sent.
-- say.nl: In het verkeer is naar geen enkel kenmerk van de eigenaar gezocht, omdat er geen is opgegeven (scan --identifiers BESTAND). Dit rapport zegt niet of er een verstuurd is.
-- column: captures | hidden
SELECT count(*) AS captures FROM capture WHERE NOT EXISTS (SELECT 1 FROM identifier_sought) HAVING count(*) > 0

-- part: say_inputs
-- form: sentences
-- say.en: klikspaan looked at {list}.
-- say.nl: klikspaan heeft gekeken naar {list}.
-- each.en: {name} ({size})
-- each.nl: {name} ({size})
-- empty.en: This case names no input: nothing was looked at.
-- empty.nl: Deze zaak noemt geen invoer: er is niets bekeken.
-- column: name | text
-- column: size | bytes
SELECT name, size FROM input ORDER BY input_id

-- part: say_builds
-- form: sentences
-- if: EXISTS (SELECT 1 FROM package) OR EXISTS (SELECT 1 FROM build WHERE coalesce(nullif(maker, ''), nullif(brand, ''), nullif(model, ''), nullif(fingerprint, ''), nullif(release, '')) IS NOT NULL) OR NOT EXISTS (SELECT 1 FROM capture UNION ALL SELECT 1 FROM app_contact)
-- say.en: It holds the software of {list}.
-- say.nl: Daarin zit de software van {list}.
-- each.en: {who}, Android {release}, security patch level {security_patch}
-- each.nl: {who}, Android {release}, beveiligingspatch {security_patch}
-- empty.en: No build properties were found, so the maker and the version of this software are not known.
-- empty.nl: Er zijn geen build-eigenschappen gevonden; de maker en de versie van deze software zijn dus niet bekend.
-- column: who | text
-- column: release | text
-- column: security_patch | text
SELECT coalesce(nullif(trim(CASE WHEN instr(lower(coalesce(model, '')), lower(coalesce(maker, brand, ''))) = 1 THEN '' ELSE coalesce(maker, brand, '') || ' ' END || coalesce(model, '')), ''),
                nullif(maker, ''), nullif(label, ''), 'build ' || build_id) AS who,
       release, security_patch
FROM build WHERE coalesce(nullif(maker, ''), nullif(brand, ''), nullif(model, ''), nullif(fingerprint, ''), nullif(release, '')) IS NOT NULL ORDER BY build_id

-- part: say_software
-- form: sentences
-- if: EXISTS (SELECT 1 FROM package) OR EXISTS (SELECT 1 FROM build WHERE coalesce(nullif(maker, ''), nullif(brand, ''), nullif(model, ''), nullif(fingerprint, ''), nullif(release, '')) IS NOT NULL) OR NOT EXISTS (SELECT 1 FROM capture UNION ALL SELECT 1 FROM app_contact)
-- say.en: Of that software it shows what is present and what it is able to do, not what it did.
-- say.nl: Van die software toont het wat er aanwezig is en waartoe die in staat is, niet wat zij heeft gedaan.
-- column: packages | hidden
SELECT count(*) AS packages FROM package

-- part: say_captures
-- form: sentences
-- link: traffic
-- say.en: It holds {captures} {captures|capture|captures} of traffic: {frames} {frames|frame|frames}, {connections} {connections|connection|connections}.{when_en} A capture shows what passed while it ran; what is not in it was not seen, and may still have been sent.
-- say.nl: Daarin {captures|zit|zitten} {captures} {captures|opname|opnames} van verkeer: {frames} {frames|frame|frames}, {connections} {connections|verbinding|verbindingen}.{when_nl} Een opname toont wat voorbijkwam terwijl zij liep; wat er niet in staat is niet gezien, en kan toch verstuurd zijn.
-- column: captures | number
-- column: frames | number
-- column: connections | number
-- column: when_en | text
-- column: when_nl | text
SELECT count(*) AS captures, coalesce(sum(frames), 0) AS frames, coalesce(sum(connections), 0) AS connections,
       coalesce(' The first frame is of ' || replace(substr(min(started), 1, 16), 'T', ' ') || ' UTC, the last of ' || replace(substr(max(ended), 1, 16), 'T', ' ') || '.', '') AS when_en,
       coalesce(' Het eerste frame is van ' || replace(substr(min(started), 1, 16), 'T', ' ') || ' UTC, het laatste van ' || replace(substr(max(ended), 1, 16), 'T', ' ') || '.', '') AS when_nl
FROM capture HAVING count(*) > 0

-- part: say_dark
-- form: sentences
-- tone: loss
-- link: traffic
-- say.en: {share} of the bytes that went out, in {connections} of {all_connections} connections, could not be seen into.
-- say.nl: In {share} van de bytes die naar buiten gingen, in {connections} van {all_connections} verbindingen, kon niet worden gekeken.
-- column: share | share
-- column: connections | number
-- column: all_connections | number
SELECT CAST(1000000.0 * sum(dark_out) / max(sum(bytes_out), 1) AS INTEGER) AS share, count(*) FILTER (WHERE dark IS NOT NULL) AS connections, count(*) AS all_connections FROM connection WHERE local = 0 HAVING count(*) FILTER (WHERE dark IS NOT NULL) > 0

-- part: say_frames_dark
-- form: sentences
-- tone: loss
-- link: traffic
-- say.en: {dark} of {frames} {frames|frame|frames} could not be read at all: under Wi-Fi encryption, or of a link type that is not read.
-- say.nl: {dark} van {frames} {frames|frame|frames} {dark|was|waren} helemaal niet te lezen: onder wifi-versleuteling, of van een soort verbinding die niet gelezen wordt.
-- column: dark | number
-- column: frames | number
SELECT sum(protected) + sum(unsupported) AS dark, sum(frames) AS frames FROM capture HAVING sum(protected) + sum(unsupported) > 0

-- part: say_own_word
-- form: sentences
-- link: traffic
-- say.en: It holds what the phone itself wrote down (an App Privacy Report): {apps} {apps|app|apps} reached {domains} {domains|domain|domains}. That is the maker's own word, and says nothing of what was sent.
-- say.nl: Daarin zit wat de telefoon zelf opschreef (een privacyrapport van apps): {apps} {apps|app had|apps hadden} contact met {domains} {domains|domein|domeinen}. Dat is het eigen woord van de maker, en zegt niets over wat er verstuurd is.
-- column: apps | number
-- column: domains | number
SELECT count(DISTINCT app) AS apps, count(DISTINCT domain) AS domains FROM app_contact HAVING count(*) > 0

-- part: say_coverage
-- form: sentences
-- say.en: It could read {files_read} of {files_listed} {files_listed|file|files}: {bytes_read} of {bytes_listed}.
-- say.nl: Het kon {files_read} van {files_listed} {files_listed|bestand|bestanden} lezen: {bytes_read} van {bytes_listed}.
-- empty.en: How much could be read was not counted.
-- empty.nl: Hoeveel er gelezen kon worden is niet geteld.
-- column: files_read | number
-- column: files_listed | number
-- column: bytes_read | bytes
-- column: bytes_listed | bytes
SELECT sum(files_read) AS files_read, sum(files_listed) AS files_listed, sum(bytes_read) AS bytes_read, sum(bytes_listed) AS bytes_listed
FROM coverage WHERE what = 'all' HAVING count(*) > 0

-- part: say_not_seen
-- form: sentences
-- tone: loss
-- link: files?f=list.state:!read
-- say.en: What it could not see: {list}.
-- say.nl: Wat het niet kon zien: {list}.
-- each.en: {files} {files|file|files} {state} ({bytes})
-- each.nl: {files} {files|bestand|bestanden} {state} ({bytes})
-- empty.en: No file in the inputs was out of sight. What the inputs themselves lack is not known.
-- empty.nl: Geen bestand in de invoer bleef buiten beeld. Wat de invoer zelf mist, is niet bekend.
-- column: state | state:file_state
-- column: files | number
-- column: bytes | bytes
SELECT what AS state, sum(files_listed) AS files, nullif(sum(bytes_listed), 0) AS bytes
FROM coverage WHERE what IN ('listed', 'unsupported', 'encrypted', 'damaged', 'over_budget') GROUP BY what HAVING sum(files_listed) > 0
ORDER BY files DESC, what

-- part: say_scratch
-- form: sentences
-- tone: quiet
-- say.en: While scanning, {bytes} of decoded data were held in scratch files, since they could not be read at random where they lay.
-- say.nl: Tijdens het scannen stond {bytes} aan gedecodeerde gegevens in tijdelijke bestanden, omdat die op hun plaats niet los te lezen waren.
-- column: bytes | bytes
SELECT CAST(value AS INTEGER) AS bytes FROM about WHERE key = 'spilled_bytes' AND CAST(value AS INTEGER) > 0

-- part: say_test_keys
-- form: sentences
-- tone: loss
-- link: signatures?q=aosp-
-- say.en: {packages} {packages|package or module is|packages or modules are} signed by a publicly known test key. Anyone can sign with such a key; some parts of plain Android, made for compatibility tests only, are signed so on every phone.
-- say.nl: {packages} {packages|pakket of module is|pakketten of modules zijn} getekend met een openbaar bekende testsleutel. Met zo'n sleutel kan iedereen tekenen; enkele delen van gewoon Android, alleen voor compatibiliteitstests, zijn op elke telefoon zo getekend.
-- column: packages | number
SELECT sum(files) AS packages FROM signer WHERE known_as LIKE 'aosp-%' HAVING sum(files) > 0

-- part: say_no_test_keys
-- form: sentences
-- say.en: No package is signed by one of the published keys that klikspaan knows.
-- say.nl: Geen pakket is getekend met een van de gepubliceerde sleutels die klikspaan kent.
-- column: packages | number
SELECT 0 AS packages WHERE EXISTS (SELECT 1 FROM signer) AND NOT EXISTS (SELECT 1 FROM signer WHERE known_as LIKE 'aosp-%' AND files > 0)

-- part: say_rejected
-- form: sentences
-- tone: loss
-- link: signatures?f=list.verdict:=rejected
-- say.en: {packages} {packages|package carries|packages carry} a signature that Android would refuse on at least one version.
-- say.nl: {packages} {packages|pakket draagt|pakketten dragen} een handtekening die Android op ten minste één versie zou weigeren.
-- column: packages | number
SELECT count(DISTINCT package_id) AS packages FROM signature WHERE verdict = 'rejected' HAVING count(DISTINCT package_id) > 0

-- part: say_problems
-- form: sentences
-- tone: loss
-- link: problems?f=list.severity:=data_loss
-- say.en: Data was lost in {places} {places|place|places} while reading. The table below groups them; the page Problems has each.
-- say.nl: Bij het lezen gingen op {places} {places|plaats|plaatsen} gegevens verloren. De tabel hieronder groepeert ze; de pagina Problemen toont ze alle.
-- column: places | number
SELECT count(*) AS places FROM problem WHERE severity = 'data_loss' HAVING count(*) > 0

-- part: identifiers_left
-- if: EXISTS (SELECT 1 FROM identifier_sought)
-- title.en: What was recognised of the owner's identifiers
-- title.nl: Wat herkend is van de kenmerken van de eigenaar
-- sentence.en: Each kind with whom it was seen to go to, and by which path of decodings it was found. The page What left the phone has every form by itself.
-- sentence.nl: Elke soort met naar wie ze gezien is, en langs welke weg van decoderingen ze gevonden is. De pagina Wat de telefoon verliet heeft elke vorm apart.
-- empty.en: None of the identifiers that were looked for was seen in what could be read.
-- empty.nl: Geen van de kenmerken waarnaar gezocht is, is gezien in wat te lezen was.
-- column: identifier | state:identifier_kind | Identifier | Kenmerk | What it is of the owner | Wat het van de eigenaar is
-- column: host | host | To whom | Naar wie | Host, or address of the other side | Host, of adres van de andere kant
-- column: way | state:leak_way | Way | Richting | Whether it went out | Of het naar buiten ging
-- column: path | text | Path | Weg | Where it stood, and the decodings down to it | Waar het stond, en de decoderingen tot daar
-- column: owner | text | Owner | Eigenaar | Whose name the host bears, by data/owners | Van wie de naam van de host is, volgens data/owners
-- column: times | number | Times | Keer | How often it was seen | Hoe vaak het gezien is
-- column: open | yesno | In the clear | Onversleuteld | Anybody on the way could read it | Iedereen onderweg kon het lezen
-- column: strength | state:leak_strength | Sure | Zeker | Whether it may be chance | Of het toeval kan zijn
-- column: fact_id | fact | Source | Bron | The first of them | De eerste ervan
SELECT identifier, host, way, replace(group_concat(DISTINCT decode_path), ',', ', ') AS path, max(owner) AS owner, count(*) AS times, max("open") AS "open", strength, min(fact_id) AS fact_id
FROM (SELECT * FROM identifier_seen ORDER BY decode_path) GROUP BY identifier, host, way, strength
ORDER BY strength = 'weak', CASE way WHEN 'out' THEN 0 WHEN 'back' THEN 1 ELSE 2 END, identifier, host

-- part: identifiers_sought
-- if: EXISTS (SELECT 1 FROM identifier_sought)
-- title.en: What was looked for, and seen or not
-- title.nl: Waarnaar gezocht is, en gezien of niet
-- sentence.en: Each in its derived forms, in every byte that could be decoded. Nought is a null result for what could be read, not for what stayed dark.
-- sentence.nl: Elk in zijn afgeleide vormen, in elke byte die te decoderen was. Nul is een uitkomst over wat te lezen was, niet over wat donker bleef.
-- empty.en: Nothing was looked for.
-- empty.nl: Er is nergens naar gezocht.
-- column: identifier | state:identifier_kind | Identifier | Kenmerk | What it is of the owner | Wat het van de eigenaar is
-- column: sought | number | Looked for | Gezocht | How many of this kind | Hoeveel van deze soort
-- column: went_out | number | Went out | Naar buiten | How many of them were seen to go out | Hoeveel daarvan naar buiten zijn zien gaan
-- column: hosts | number | Hosts | Hosts | That they went to | Waar ze heen gingen
-- column: came_back | number | Came back | Terug | Seen in what the other side sent | Gezien in wat de andere kant stuurde
-- column: stayed | number | Stayed local | Lokaal | Seen in the local network only | Alleen in het lokale netwerk gezien
-- column: weak | number | May be chance | Kan toeval zijn | Seen only in a form so short that it may be chance | Alleen gezien in een vorm zo kort dat het toeval kan zijn
-- column: fact_id | fact | Source | Bron | What was given | Wat is opgegeven
SELECT identifier, sum(sought) AS sought, sum(went_out) AS went_out, sum(hosts) AS hosts, sum(came_back) AS came_back, sum(stayed) AS stayed, sum(chance) AS weak, min(fact_id) AS fact_id FROM identifier_tally GROUP BY identifier ORDER BY sum(went_out) DESC, identifier

-- part: builds
-- form: cards
-- if: EXISTS (SELECT 1 FROM package) OR EXISTS (SELECT 1 FROM build WHERE coalesce(nullif(maker, ''), nullif(brand, ''), nullif(model, ''), nullif(fingerprint, ''), nullif(release, '')) IS NOT NULL) OR NOT EXISTS (SELECT 1 FROM capture UNION ALL SELECT 1 FROM app_contact)
-- title.en: Whose software this is
-- title.nl: Van wie deze software is
-- sentence.en: As the build says of itself. Properties can be set to anything by whoever made it.
-- sentence.nl: Zoals de build het zelf zegt. De maker kan in deze eigenschappen alles invullen.
-- empty.en: No build was recognised in the inputs.
-- empty.nl: In de invoer is geen build herkend.
-- column: label | text | Build | Build | Name of the build in this case | Naam van de build in deze zaak
-- column: maker | text | Maker | Maker | ro.product.manufacturer | ro.product.manufacturer
-- column: brand | text | Brand | Merk | ro.product.brand | ro.product.brand
-- column: model | text | Model | Model | ro.product.model | ro.product.model
-- column: release | text | Android | Android | Version of Android | Versie van Android
-- column: security_patch | text | Security patch level | Beveiligingspatch | Date up to which published holes are said to be closed | Datum tot waar gepubliceerde lekken gedicht zouden zijn
-- column: built_at | time | Built | Gebouwd | When the maker built it | Wanneer de maker het bouwde
-- column: region | text | Region | Regio | Market the build is for, where it says so | Markt waarvoor de build is, als dat er staat
-- column: tags | text | Keys | Sleutels | release-keys, test-keys or dev-keys, as the build says | release-keys, test-keys of dev-keys, volgens de build
-- column: fingerprint | text | Fingerprint | Vingerafdruk | The maker's name for exactly this build | De naam van de maker voor precies deze build
-- column: fact_id | fact | Build | Build | Where the build says so | Waar de build dit zegt
SELECT coalesce(nullif(label, ''), 'build ' || build_id) AS label, maker, brand, model, release, security_patch, built_at, region, tags, fingerprint, fact_id
FROM build WHERE coalesce(nullif(maker, ''), nullif(brand, ''), nullif(model, ''), nullif(fingerprint, ''), nullif(release, '')) IS NOT NULL ORDER BY build_id

-- part: inputs
-- title.en: What was handed in
-- title.nl: Wat is aangeleverd
-- empty.en: This case names no input.
-- empty.nl: Deze zaak noemt geen invoer.
-- column: name | path | File | Bestand | Name as handed in | Naam zoals aangeleverd
-- column: kind | state | Kind | Soort | What klikspaan took it for | Waar klikspaan het voor hield
-- column: size | bytes | Size | Grootte | Size of the file | Grootte van het bestand
-- column: build | build | Build | Build | The build it belongs to | De build waar het bij hoort
-- column: sha256 | digest | SHA-256 | SHA-256 | Digest of the file: equal only for equal bytes | Vingerafdruk van het bestand: alleen gelijk bij gelijke bytes
SELECT i.name, i.kind, i.size, coalesce(nullif(b.label, ''), 'build ' || i.build_id) AS build, i.sha256
FROM input i LEFT JOIN build b ON b.build_id = i.build_id ORDER BY i.input_id

-- part: states
-- title.en: What could be looked at, and what could not
-- title.nl: Wat bekeken kon worden, en wat niet
-- sentence.en: Every file that was found or named is in exactly one of these rows.
-- sentence.nl: Elk bestand dat is gevonden of genoemd staat in precies één van deze rijen.
-- empty.en: How much could be read was not counted.
-- empty.nl: Hoeveel er gelezen kon worden is niet geteld.
-- column: state | state:file_state | State | Toestand | What became of these files | Hoe het deze bestanden verging
-- column: build | build | Build | Build | The build they belong to | De build waar ze bij horen
-- column: files | number | Files | Bestanden | Number of files | Aantal bestanden
-- column: files_share | share | Part of all files | Deel van alle bestanden | Files in this state per all files of the build | Bestanden in deze toestand op alle bestanden van de build
-- column: bytes | bytes | Size | Omvang | Their size, where known | Hun omvang, voor zover bekend
-- column: bytes_share | share | Part of all bytes | Deel van alle bytes | Bytes in this state per all bytes of the build | Bytes in deze toestand op alle bytes van de build
SELECT c.what AS state, coalesce(nullif(b.label, ''), 'build ' || c.build_id) AS build,
       c.files_listed AS files, CAST(1000000.0 * c.files_listed / nullif(a.files_listed, 0) AS INTEGER) AS files_share,
       nullif(c.bytes_listed, 0) AS bytes, CAST(1000000.0 * nullif(c.bytes_listed, 0) / nullif(a.bytes_listed, 0) AS INTEGER) AS bytes_share
FROM coverage c LEFT JOIN build b ON b.build_id = c.build_id
LEFT JOIN coverage a ON a.build_id IS c.build_id AND a.what = 'all'
WHERE c.what IN ('read', 'listed', 'unsupported', 'encrypted', 'damaged', 'over_budget') AND c.files_listed > 0
ORDER BY c.build_id, c.what <> 'read', c.files_listed DESC, c.what

-- part: kinds
-- title.en: By kind of file
-- title.nl: Naar soort bestand
-- sentence.en: For the kinds that matter for this report: how many files are there, and how many of them were read.
-- sentence.nl: Voor de soorten die er voor dit rapport toe doen: hoeveel bestanden er zijn, en hoeveel daarvan gelezen zijn.
-- empty.en: No kind of file was counted by itself.
-- empty.nl: Geen enkele soort bestand is apart geteld.
-- column: what | text | Kind | Soort | Kind of file | Soort bestand
-- column: build | build | Build | Build | The build they belong to | De build waar ze bij horen
-- column: files_listed | number | Files | Bestanden | Files of this kind that were found or named | Bestanden van deze soort, gevonden of genoemd
-- column: files_read | number | Read | Gelezen | Of these, how many were read | Hoeveel daarvan gelezen zijn
-- column: files_share | share | Part read | Deel gelezen | Files read per files of this kind | Gelezen bestanden op alle bestanden van deze soort
-- column: bytes_listed | bytes | Size | Omvang | Their size, where known | Hun omvang, voor zover bekend
-- column: bytes_read | bytes | Size read | Omvang gelezen | Of that, how much was read | Hoeveel daarvan gelezen is
SELECT c.what, coalesce(nullif(b.label, ''), 'build ' || c.build_id) AS build, c.files_listed, c.files_read,
       CAST(1000000.0 * c.files_read / nullif(c.files_listed, 0) AS INTEGER) AS files_share, c.bytes_listed, c.bytes_read
FROM coverage c LEFT JOIN build b ON b.build_id = c.build_id
WHERE c.what NOT IN ('all', 'read', 'listed', 'unsupported', 'encrypted', 'damaged', 'over_budget')
ORDER BY c.build_id, c.files_listed DESC, c.what

-- part: problems
-- title.en: What went wrong while reading
-- title.nl: Wat misging bij het lezen
-- sentence.en: Lost data first. A problem tells about this reading, not about anyone's intent.
-- sentence.nl: Verloren gegevens eerst. Een probleem zegt iets over dit lezen, niet over iemands bedoeling.
-- empty.en: Nothing went wrong while reading.
-- empty.nl: Er ging niets mis bij het lezen.
-- column: severity | state:severity | Weight | Gewicht | What the problem means for this report | Wat het probleem voor dit rapport betekent
-- column: code | state:code | Problem | Probleem | Why it could not be read as it should | Waarom het niet te lezen was zoals het hoort
-- column: places | number | Places | Plaatsen | How often it happened | Hoe vaak het voorkwam
-- column: files | number | Files | Bestanden | In how many files | In hoeveel bestanden
-- column: advice | text:problem | Advice | Advies | What can be done about it | Wat eraan te doen is
SELECT severity, code, count(*) AS places, count(DISTINCT artifact_id) AS files, nullif(max(coalesce(advice, '')), '') AS advice
FROM problem GROUP BY severity, code
ORDER BY CASE severity WHEN 'data_loss' THEN 0 WHEN 'error' THEN 1 ELSE 2 END, places DESC, code

-- part: signers
-- if: EXISTS (SELECT 1 FROM package) OR EXISTS (SELECT 1 FROM build WHERE coalesce(nullif(maker, ''), nullif(brand, ''), nullif(model, ''), nullif(fingerprint, ''), nullif(release, '')) IS NOT NULL) OR NOT EXISTS (SELECT 1 FROM capture UNION ALL SELECT 1 FROM app_contact)
-- title.en: Who signed what
-- title.nl: Wie wat tekende
-- sentence.en: One row per certificate; publicly known test keys first, then the platform key. The name in a certificate is
--   chosen by whoever made it: it is a claim, not a proof of who they are.
-- sentence.nl: Eén rij per certificaat; openbaar bekende testsleutels eerst, dan de platformsleutel. De naam in een certificaat
--   kiest de maker zelf: het is een bewering, geen bewijs van wie hij is.
-- empty.en: No signing certificate was found.
-- empty.nl: Er is geen certificaat gevonden waarmee getekend is.
-- column: known_as | state:known_as | Known as | Bekend als | Keys that klikspaan recognises | Sleutels die klikspaan herkent
-- column: subject | text | Name in the certificate | Naam in het certificaat | Whom the certificate claims to be of | Van wie het certificaat zegt te zijn
-- column: packages | number | Packages | Pakketten | Packages of the build that it signs | Pakketten van de build die ermee getekend zijn
-- column: files | number | Files | Bestanden | Packages, APEX modules and apps inside apps that it signs | Pakketten, APEX-modules en apps in apps die ermee getekend zijn
-- column: build | build | Build | Build | The build with these packages | De build met deze pakketten
-- column: valid_to | time | Valid to | Geldig tot | Android does not look at this date | Android kijkt niet naar deze datum
-- column: sha256 | digest | SHA-256 of the certificate | SHA-256 van het certificaat | Equal only for the same certificate | Alleen gelijk bij hetzelfde certificaat
-- column: valid_from | time | Valid from | Geldig vanaf | When it begins to be valid, as it says | Vanaf wanneer het volgens zichzelf geldt
-- column: issuer | text | Issued by | Uitgegeven door | Whom the certificate claims to be issued by | Door wie het certificaat zegt te zijn uitgegeven
-- column: key | text | Key | Sleutel | Kind and length of the key | Soort en lengte van de sleutel
-- column: fact_id | fact | Certificate | Certificaat | Where the certificate stands | Waar het certificaat staat
SELECT s.known_as, s.subject, s.packages, s.files, coalesce(nullif(b.label, ''), 'build ' || s.build_id) AS build, substr(s.valid_to, 1, 10) AS valid_to, s.sha256, substr(s.valid_from, 1, 10) AS valid_from, s.issuer, s.key, s.fact_id
FROM signer s LEFT JOIN build b ON b.build_id = s.build_id
ORDER BY s.build_id, CASE WHEN s.known_as LIKE 'aosp-%' THEN 0 WHEN s.known_as IS NOT NULL THEN 1 ELSE 2 END, s.packages DESC, s.files DESC, s.sha256
