-- page: roots
-- order: 66
-- title.en: Trusted roots
-- title.nl: Vertrouwde wortels
-- sentence.en: Certificates that the phone, or a part of it, takes as beginnings of trust, and whether a public list of known roots has them.
-- sentence.nl: Certificaten die de telefoon of een deel ervan als begin van vertrouwen neemt, en of een openbare lijst van bekende wortels ze heeft.

-- part: list
-- title.en: Roots on this phone
-- title.nl: Wortels op deze telefoon
-- empty.en: No certificate store was read.
-- empty.nl: Er is geen certificaatopslag gelezen.
-- column: subject | text | Name in the certificate | Naam in het certificaat | A claim of whoever made it | Een bewering van de maker ervan
-- column: store | state | Store | Opslag | Who trusts it | Wie het vertrouwt
-- column: known | yesno | Known | Bekend | A public list has it | Een openbare lijst heeft het
-- column: valid_from | time | Valid from | Geldig vanaf | Begin of validity | Begin van de geldigheid
-- column: valid_to | time | Valid to | Geldig tot | End of validity | Einde van de geldigheid
-- column: sha256 | digest | SHA-256 | SHA-256 | Of the certificate | Van het certificaat
-- column: path | path | File | Bestand | Where it lies | Waar het ligt
-- column: build | build | Build | Build | The build | De build
-- column: fact_id | fact | Certificate | Certificaat | Where it stands | Waar het staat
SELECT c.subject, c.store, c.known, c.valid_from, c.valid_to, c.sha256, coalesce(a.device_path, a.path) AS path, coalesce(nullif(b.label, ''), 'build ' || c.build_id) AS build, c.fact_id
FROM certificate_authority c LEFT JOIN artifact a ON a.artifact_id = c.artifact_id LEFT JOIN build b ON b.build_id = c.build_id ORDER BY c.build_id, c.known, c.store, c.subject, c.sha256, c.fact_id

-- part: missing
-- title.en: Known roots that are not there
-- title.nl: Bekende wortels die er niet zijn
-- empty.en: None is missing, or no store was read.
-- empty.nl: Er ontbreekt er geen, of er is geen opslag gelezen.
-- column: subject | text | Name in the certificate | Naam in het certificaat | As the list has it | Zoals de lijst het heeft
-- column: sha256 | digest | SHA-256 | SHA-256 | Of the certificate | Van het certificaat
-- column: fact_id | fact | Absence | Afwezigheid | What it follows from | Waar het uit volgt
SELECT m.subject, m.sha256, m.fact_id FROM ca_missing m ORDER BY m.build_id, m.subject, m.sha256, m.fact_id
