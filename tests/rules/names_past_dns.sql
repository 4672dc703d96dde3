-- fires
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(71, 70, '192.0.2.7', 80, 300, 0, 'told.example', printf('%032x', 7001));
INSERT INTO name_lookup(connection_id, capture_id, how, answer, name, type, fact_id) VALUES(71, 70, 'httpdns', 0, 'hidden.example', 'A', printf('%032x', 7002));
-- quiet: plain DNS
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(71, 70, '192.0.2.7', 80, 300, 0, 'told.example', printf('%032x', 7001));
INSERT INTO name_lookup(connection_id, capture_id, how, answer, name, type, fact_id) VALUES(71, 70, 'dns', 0, 'hidden.example', 'A', printf('%032x', 7002));
