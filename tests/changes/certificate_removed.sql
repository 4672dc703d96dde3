-- gives: info less
-- before
INSERT INTO certificate_authority(build_id, artifact_id, store, sha256, subject, known, in_release, fact_id) VALUES(1, 10, 'system', 'cafe', 'CN=Somebody', 0, 0, printf('%032x', 315));
-- after

