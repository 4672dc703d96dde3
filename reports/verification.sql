-- page: verification
-- order: 52
-- title.en: Is it what was signed
-- title.nl: Is het wat getekend is
-- sentence.en: Signatures, digests and hash trees of verified boot, of modules and of updates, computed again. What holds is what its
--   signer signed; that says nothing about what it does. A key in a file proves nothing about the keys in a phone.
-- sentence.nl: Handtekeningen, digests en hashbomen van verified boot, van modules en van updates, opnieuw berekend. Wat klopt is wat de
--   ondertekenaar tekende; dat zegt niets over wat het doet. Een sleutel in een bestand bewijst niets over de sleutels in een telefoon.
-- empty.en: Nothing here carries such a signature: files of a running phone or a plain archive do not.
-- empty.nl: Niets hier draagt zo'n handtekening: bestanden van een draaiende telefoon of een gewoon archief doen dat niet.
-- column: kind | state:verified_kind | Of | Van | What the check belongs to | Waar de controle bij hoort
-- column: subject | text | What | Wat | Partition, file or module | Partitie, bestand of module
-- column: what | state:verified_what | Check | Controle | What was computed again | Wat opnieuw is berekend
-- column: result | state:verified_result | Result | Uitkomst | What came out | Wat eruit kwam
-- column: detail | text:problem | Why | Waarom | One sentence, or the number stated | Eén zin, of het genoemde getal
-- column: known_as | state:known_as | Key | Sleutel | The key, where it is a published one | De sleutel, als het een gepubliceerde is
-- column: bytes | bytes | Bytes | Bytes | How much it covers | Hoeveel het dekt
-- column: algorithm | text | Algorithm | Algoritme | Of signature or digest | Van handtekening of digest
-- column: build | build | Build | Build | The build | De build
-- column: fact_id | fact | Source | Bron | Where it stands | Waar het staat
WITH c(build_id, kind, subject, what, result, detail, known_as, bytes, algorithm, fact_id) AS (
SELECT build_id, 'avb', partition, what, result, detail, known_as, bytes, algorithm, fact_id FROM avb_check
UNION ALL SELECT c.build_id, 'module', coalesce(c.module, a.path), c.what, c.result, c.detail, c.known_as, c.bytes, c.algorithm, c.fact_id FROM apex_check c JOIN artifact a ON a.artifact_id = c.artifact_id
UNION ALL SELECT s.build_id, 'update', a.path, s.place, s.result, coalesce(s.detail, CASE s.result WHEN 'failed' THEN 'no key that the same build takes updates from signed it' WHEN 'absent' THEN 'the build holds no keys of updates' END), s.known_as, s.signed_bytes, s.digest_algorithm, s.fact_id
FROM update_signature s JOIN artifact a ON a.artifact_id = s.artifact_id
UNION ALL SELECT u.build_id, 'update', a.path, u.part, 'uncovered', 'no signature covers it', NULL, u.bytes, NULL, u.fact_id FROM update_coverage u JOIN artifact a ON a.artifact_id = u.artifact_id WHERE u.covered_by = 'nothing' AND u.part IN ('archive', 'metadata', 'data', 'data_without_digest', 'rest')
UNION ALL SELECT build_id, 'avb', partition, 'coverage', result, CASE WHEN bytes > 0 THEN round(100.0 * part / bytes, 2) || ' %' END, NULL, part, NULL, fact_id FROM (
SELECT build_id, partition, bytes, fact_id, CASE WHEN failed > 0 THEN 'failed' WHEN verified + structure = bytes THEN 'verified' ELSE 'uncovered' END AS result,
CASE WHEN failed > 0 THEN failed WHEN verified + structure = bytes THEN bytes ELSE bytes - verified - structure END AS part FROM avb_coverage WHERE path IS NOT NULL AND bytes > 0))
SELECT c.kind, c.subject, c.what, c.result, c.detail, c.known_as, c.bytes, c.algorithm, coalesce(nullif(b.label, ''), 'build ' || c.build_id) AS build, c.fact_id
FROM c LEFT JOIN build b ON b.build_id = c.build_id
ORDER BY c.build_id, CASE c.result WHEN 'failed' THEN 0 WHEN 'uncovered' THEN 1 WHEN 'not_verifiable' THEN 2 WHEN 'absent' THEN 3 ELSE 4 END, c.kind, c.subject, c.what, c.fact_id
