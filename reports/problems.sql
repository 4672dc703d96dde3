-- page: problems
-- order: 80
-- title.en: Problems
-- title.nl: Problemen
-- sentence.en: Everything that could not be read as it should, lost data first. Before you rely on the absence of something,
--   look whether its file is in this list.
-- sentence.nl: Alles wat niet te lezen was zoals het hoort, verloren gegevens eerst. Kijk, voordat je op de afwezigheid van
--   iets bouwt, of het bestand ervan in deze lijst staat.
-- empty.en: Nothing went wrong while reading.
-- empty.nl: Er ging niets mis bij het lezen.
-- column: severity | state:severity | Weight | Gewicht | What the problem means for this report | Wat het probleem voor dit rapport betekent
-- column: code | state:code | Problem | Probleem | Why it could not be read as it should | Waarom het niet te lezen was zoals het hoort
-- column: path | path | File | Bestand | The file with the problem | Het bestand met het probleem
-- column: at | number | Offset | Positie | Byte in the file at which it shows | Byte in het bestand waar het blijkt
-- column: what | text:problem | What | Wat | What exactly was found | Wat er precies gevonden is
-- column: advice | text:problem | Advice | Advies | What can be done about it | Wat eraan te doen is
-- column: detail | text | Detail | Detail | Names and values from the input | Namen en waarden uit de invoer
-- column: fact_id | fact | Problem | Probleem | Where it was met | Waar het is aangetroffen
SELECT q.severity, q.code, coalesce(a.device_path, a.path) AS path, q.at, q.what, nullif(q.advice, '') AS advice, nullif(q.detail, '') AS detail, q.fact_id
FROM problem q LEFT JOIN artifact a ON a.artifact_id = q.artifact_id
ORDER BY CASE q.severity WHEN 'data_loss' THEN 0 WHEN 'error' THEN 1 ELSE 2 END, q.code, path, q.at, q.what, q.detail
