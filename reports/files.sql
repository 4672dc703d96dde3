-- page: files
-- order: 70
-- title.en: Files
-- title.nl: Bestanden
-- sentence.en: Every file that was found or named, also those inside other files. What could not be read is here too, with its state.
-- sentence.nl: Elk bestand dat is gevonden of genoemd, ook bestanden binnen andere. Wat niet te lezen was staat er ook, met zijn toestand.
-- origins: last
-- empty.en: No file was found.
-- empty.nl: Er is geen bestand gevonden.
-- column: path | path | Path | Pad | Way from the file that was handed in to this one | Weg van het aangeleverde bestand naar dit bestand
-- column: kind | state | Kind | Soort | What klikspaan took it for | Waar klikspaan het voor hield
-- column: size | bytes | Size | Grootte | Size of its contents | Grootte van de inhoud
-- column: state | state:file_state | State | Toestand | What became of it | Hoe het dit bestand verging
-- column: build | build | Build | Build | The build it belongs to | De build waar het bij hoort
-- column: sha256 | digest | SHA-256 | SHA-256 | Equal only for equal bytes | Alleen gelijk bij gelijke bytes
-- column: device_path | path | Path on the phone | Pad op de telefoon | Where it lies on a running phone, where known | Waar het op een draaiende telefoon ligt, voor zover bekend
-- column: fact_id | fact | File | Bestand | Where it was found or named | Waar het gevonden of genoemd is
SELECT a.path, a.kind, a.size, a.state, coalesce(nullif(b.label, ''), 'build ' || a.build_id) AS build, a.sha256, a.device_path, a.fact_id
FROM artifact a LEFT JOIN build b ON b.build_id = a.build_id ORDER BY a.path, a.artifact_id
