-- gives: critical more
-- before

-- after
INSERT INTO privileged_file(build_id, artifact_id, how, effective, mode, uid, gid, fact_id) VALUES(1, 20, 'setuid', NULL, '4755', 0, 0, printf('%032x', 319));
