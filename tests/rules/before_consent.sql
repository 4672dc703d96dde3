-- fires
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(71, 70, '192.0.2.7', 80, 300, 0, 'told.example', printf('%032x', 7001));
INSERT INTO act(build_id, at, state, act, fact_id) VALUES(1, '2026-01-05T10:00:00Z', 'reset', NULL, printf('%032x', 7003));
INSERT INTO connection_act(connection_id, capture_id, state, act, seconds, before_consent) VALUES(71, 70, 'reset', NULL, 5, 1);
-- quiet: after it
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(71, 70, '192.0.2.7', 80, 300, 0, 'told.example', printf('%032x', 7001));
INSERT INTO act(build_id, at, state, act, fact_id) VALUES(1, '2026-01-05T10:00:00Z', 'consent', NULL, printf('%032x', 7003));
INSERT INTO connection_act(connection_id, capture_id, state, act, seconds, before_consent) VALUES(71, 70, 'consent', NULL, 5, 0);
