-- fires
INSERT INTO certificate_authority(build_id, artifact_id, store, sha256, subject, known, fact_id) VALUES(1, 1, 'system', 'cb', 'CN=Maker Root', 0, printf('%032x', 900));
-- quiet: known ones
INSERT INTO certificate_authority(build_id, artifact_id, store, sha256, subject, known, fact_id) VALUES(1, 1, 'system', 'cb', 'CN=Other Known', 1, printf('%032x', 900));
