-- page: settings
-- order: 60
-- title.en: Settings
-- title.nl: Instellingen
-- sentence.en: System properties as the files of the build set them. A running phone can set others, and a later file can
--   override an earlier one.
-- sentence.nl: Systeemeigenschappen zoals de bestanden van de build ze zetten. Een draaiende telefoon kan andere zetten, en een
--   later bestand kan een eerder overschrijven.
-- origins: last
-- empty.en: No file with settings was read.
-- empty.nl: Er is geen bestand met instellingen gelezen.
-- column: name | text | Name | Naam | Name of the setting | Naam van de instelling
-- column: value | text | Value | Waarde | Its value in this file | De waarde in dit bestand
-- column: scope | state | Kind | Soort | prop: a system property | prop: een systeemeigenschap
-- column: path | path | File | Bestand | The file that sets it | Het bestand dat haar zet
-- column: build | build | Build | Build | The build | De build
-- column: fact_id | fact | Setting | Instelling | Where it is set | Waar ze gezet wordt
SELECT s.name, s.value, s.scope, coalesce(a.device_path, a.path) AS path, coalesce(nullif(b.label, ''), 'build ' || s.build_id) AS build, s.fact_id
FROM setting s LEFT JOIN artifact a ON a.artifact_id = s.artifact_id LEFT JOIN build b ON b.build_id = s.build_id
ORDER BY s.build_id, s.name, path, s.fact_id
