-- fires
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(71, 70, '192.0.2.7', 80, 300, 0, 'told.example', printf('%032x', 7001));
INSERT INTO message(connection_id, capture_id, number, protocol, what, out, body_bytes, state, detail, fact_id) VALUES(71, 70, 1, 'xiaomi_push', 'CONN', 0, 10, 'clear', 'key_on_wire', printf('%032x', 7002));
-- quiet: nothing of a key
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(71, 70, '192.0.2.7', 80, 300, 0, 'told.example', printf('%032x', 7001));
INSERT INTO message(connection_id, capture_id, number, protocol, what, out, body_bytes, state, detail, fact_id) VALUES(71, 70, 1, 'xiaomi_push', 'CONN', 0, 10, 'clear', 'model=…', printf('%032x', 7002));
