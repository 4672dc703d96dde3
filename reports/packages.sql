-- page: packages
-- order: 20
-- title.en: Packages
-- title.nl: Pakketten
-- sentence.en: Every app and system package whose manifest was read, with who signed it and what it asks for. That a package
--   is present does not show that it runs or does anything.
-- sentence.nl: Elke app en elk systeempakket waarvan het manifest is gelezen, met wie het tekende en wat het vraagt. Dat een
--   pakket aanwezig is toont niet dat het draait of iets doet.
-- empty.en: No package manifest was read. If the inputs hold apps, the first page says why they could not be read.
-- empty.nl: Er is geen pakketmanifest gelezen. Als de invoer apps bevat, zegt de eerste pagina waarom ze niet te lezen waren.
-- column: name | package | Package | Pakket | Name of the package | Naam van het pakket
-- column: version_name | text | Version | Versie | Version as the maker writes it | Versie zoals de maker die schrijft
-- column: target_sdk | number | Target SDK | Doel-SDK | API level it is made for; a low one keeps old, wider rights | API-niveau waarvoor het gemaakt is; een laag niveau houdt oude, ruimere rechten
-- column: partition | state | Partition | Partitie | Part of the system it lies in | Deel van het systeem waarin het ligt
-- column: privileged | yesno | Privileged | Bevoorrecht | Lies where the system keeps apps that may hold privileged rights | Ligt waar het systeem apps bewaart die bevoorrechte rechten kunnen houden
-- column: known_as | state:known_as | Key | Sleutel | The signing key, where klikspaan recognises it | De sleutel waarmee getekend is, als klikspaan die herkent
-- column: verdict | state:verdict | Signature | Handtekening | Whether Android would accept the signature | Of Android de handtekening zou aannemen
-- column: open_components | number | Open parts | Open delen | Exported components that ask no permission: any app can reach them. A launcher icon is one too | Geëxporteerde componenten die geen recht vragen: elke app kan erbij. Ook een startpictogram is er een
-- column: requested | number | Rights asked | Gevraagde rechten | Permissions that the manifest requests | Rechten die het manifest vraagt
-- column: shared_uid | text | Shared user | Gedeelde gebruiker | Packages with the same shared user share all their rights | Pakketten met dezelfde gedeelde gebruiker delen al hun rechten
-- column: build | build | Build | Build | The build it belongs to | De build waar het bij hoort
-- column: signed_by | text | Signed by | Getekend door | Name in the certificate: a claim | Naam in het certificaat: een bewering
-- column: signer | digest | SHA-256 of the certificate | SHA-256 van het certificaat | Equal only for the same certificate | Alleen gelijk bij hetzelfde certificaat
-- column: min_sdk | number | Minimum SDK | Minimum-SDK | Lowest API level it accepts | Laagste API-niveau dat het aanneemt
-- column: version_code | number | Version number | Versienummer | Number that updates must raise | Nummer dat bij een update omhoog moet
-- column: path | path | File | Bestand | Where it lies | Waar het ligt
-- column: fact_id | fact | Package | Pakket | Where the manifest says so | Waar het manifest dit zegt
WITH s AS MATERIALIZED (SELECT build_id, sha256, min(subject) AS subject, min(known_as) AS known_as FROM signer GROUP BY build_id, sha256),
     v AS MATERIALIZED (SELECT package_id, CASE WHEN min(verdict) = max(verdict) THEN min(verdict) ELSE 'mixed' END AS verdict FROM signature GROUP BY package_id),
     c AS MATERIALIZED (SELECT package_id, count(*) AS n FROM component WHERE exported = 1 AND coalesce(permission, '') = '' GROUP BY package_id),
     g AS MATERIALIZED (SELECT package_id, count(DISTINCT permission) AS n FROM permission_grant WHERE requested = 1 GROUP BY package_id)
SELECT p.name, p.version_name, p.target_sdk, p.partition, p.privileged, s.known_as, v.verdict,
       coalesce(c.n, 0) AS open_components, coalesce(g.n, 0) AS requested, p.shared_uid, coalesce(nullif(b.label, ''), 'build ' || p.build_id) AS build,
       s.subject AS signed_by, p.signer, p.min_sdk, p.version_code, coalesce(a.device_path, a.path) AS path, p.fact_id
FROM package p LEFT JOIN build b ON b.build_id = p.build_id
LEFT JOIN s ON s.sha256 = p.signer AND s.build_id IS p.build_id
LEFT JOIN v ON v.package_id = p.package_id LEFT JOIN c ON c.package_id = p.package_id LEFT JOIN g ON g.package_id = p.package_id
LEFT JOIN artifact a ON a.artifact_id = p.artifact_id
ORDER BY p.build_id, p.name, p.package_id
