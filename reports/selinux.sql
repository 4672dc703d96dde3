-- page: selinux
-- order: 64
-- title.en: SELinux
-- title.nl: SELinux
-- sentence.en: What the policy lets apps reach, and where it allows what AOSP's own policy forbids. Other barriers may still stand in the way.
-- sentence.nl: Wat het beleid apps laat bereiken, en waar het toestaat wat AOSP's eigen beleid verbiedt. Andere barrières kunnen nog in de weg staan.

-- part: access
-- title.en: What apps may reach, and deviations from AOSP
-- title.nl: Wat apps mogen bereiken, en afwijkingen van AOSP
-- empty.en: No compiled policy was read.
-- empty.nl: Er is geen gecompileerd beleid gelezen.
-- column: domain | state | Who | Wie | The domain, or group of domains | Het domein, of de groep domeinen
-- column: target | text | May reach | Mag bereiken | A type, or group of types | Een type, of groep typen
-- column: class | state | Kind | Soort | Kind of object | Soort object
-- column: permissions | text | May | Mag | What may be done | Wat er mag
-- column: deviates | yesno | Leaves AOSP | Wijkt af van AOSP | AOSP's own policy forbids it | AOSP's eigen beleid verbiedt het
-- column: note | text | Which rule | Welke regel | The rule of AOSP | De regel van AOSP
-- column: path | path | Policy | Beleid | The file | Het bestand
-- column: build | build | Build | Build | The build | De build
-- column: fact_id | fact | Access | Toegang | Where it stands | Waar het staat
SELECT s.domain, s.target, s.class, s.permissions, s.note IS NOT NULL AS deviates, s.note, coalesce(a.device_path, a.path) AS path, coalesce(nullif(b.label, ''), 'build ' || s.build_id) AS build, s.fact_id
FROM selinux_access s LEFT JOIN artifact a ON a.artifact_id = s.artifact_id LEFT JOIN build b ON b.build_id = s.build_id ORDER BY s.build_id, s.note IS NULL, s.domain, s.target, s.class, s.fact_id

-- part: permissive
-- title.en: Domains that are not held back
-- title.nl: Domeinen die niet worden tegengehouden
-- empty.en: No domain of the policies that were read is permissive.
-- empty.nl: Geen domein van de gelezen beleidsbestanden is permissive.
-- column: domain | name | Domain | Domein | Its name | De naam
-- column: attributes | text | Groups | Groepen | That it belongs to | Waar het bij hoort
-- column: path | path | Policy | Beleid | The file | Het bestand
-- column: fact_id | fact | Domain | Domein | Where it stands | Waar het staat
SELECT d.domain, d.attributes, coalesce(a.device_path, a.path) AS path, d.fact_id FROM selinux_domain d LEFT JOIN artifact a ON a.artifact_id = d.artifact_id WHERE d.permissive = 1 ORDER BY d.build_id, d.domain, d.fact_id
