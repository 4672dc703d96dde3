-- page: signatures
-- order: 50
-- title.en: Signatures
-- title.nl: Handtekeningen
-- sentence.en: What Android would make of each package's signature, per range of Android versions. A signature that holds says
--   which key signed these bytes; it does not say who holds the key.
-- sentence.nl: Wat Android van de handtekening van elk pakket zou vinden, per reeks Android-versies. Een handtekening die klopt
--   zegt welke sleutel deze bytes tekende; niet wie die sleutel heeft.
-- empty.en: No signature was examined.
-- empty.nl: Er is geen handtekening onderzocht.
-- column: package | package | Package | Pakket | Name of the package | Naam van het pakket
-- column: sdk_from | number | From SDK | Vanaf SDK | First API level of the range | Eerste API-niveau van de reeks
-- column: sdk_to | number | To SDK | Tot en met SDK | Last API level of the range; empty: and later | Laatste API-niveau van de reeks; leeg: en later
-- column: scheme | state | Scheme | Schema | The signature scheme that counts there | Het handtekeningschema dat daar telt
-- column: verdict | state:verdict | Verdict | Oordeel | Whether Android would accept it | Of Android haar zou aannemen
-- column: reason | text:problem | Reason | Reden | Why it was refused | Waarom ze is afgekeurd
-- column: known_as | state:known_as | Key | Sleutel | The signing key, where klikspaan recognises it | De sleutel waarmee getekend is, als klikspaan die herkent
-- column: valid_to | time | Valid to | Geldig tot | End of validity of the certificate; Android does not look at it | Einde van de geldigheid van het certificaat; Android kijkt er niet naar
-- column: build | build | Build | Build | The build | De build
-- column: valid_from | time | Valid from | Geldig vanaf | Begin of validity of the certificate | Begin van de geldigheid van het certificaat
-- column: subject | text | Name in the certificate | Naam in het certificaat | A claim of whoever made it | Een bewering van de maker ervan
-- column: signer | digest | SHA-256 of the certificate | SHA-256 van het certificaat | Equal only for the same certificate | Alleen gelijk bij hetzelfde certificaat
-- column: path | path | File | Bestand | Where the package lies | Waar het pakket ligt
-- column: fact_id | fact | Signature | Handtekening | Where the signature stands | Waar de handtekening staat
WITH s AS MATERIALIZED (SELECT build_id, sha256, min(subject) AS subject, min(known_as) AS known_as, min(valid_from) AS valid_from, min(valid_to) AS valid_to
                        FROM signer GROUP BY build_id, sha256)
SELECT p.name AS package, g.sdk_from, g.sdk_to, g.scheme, g.verdict, g.reason, s.known_as, s.valid_to,
       coalesce(nullif(b.label, ''), 'build ' || p.build_id) AS build, s.valid_from, s.subject, g.signer,
       coalesce(a.device_path, a.path) AS path, g.fact_id
FROM signature g LEFT JOIN package p ON p.package_id = g.package_id LEFT JOIN build b ON b.build_id = p.build_id
LEFT JOIN s ON s.sha256 = g.signer AND s.build_id IS p.build_id
LEFT JOIN artifact a ON a.artifact_id = g.artifact_id
ORDER BY p.build_id, CASE g.verdict WHEN 'rejected' THEN 0 WHEN 'unsigned' THEN 1 ELSE 2 END, s.known_as IS NULL, p.name, g.sdk_from, g.fact_id
