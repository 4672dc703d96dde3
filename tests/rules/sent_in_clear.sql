-- fires
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(71, 70, '192.0.2.7', 80, 300, 0, 'told.example', printf('%032x', 7001));
INSERT INTO message(connection_id, capture_id, number, protocol, what, out, method, host, path, query, body_bytes, state, fact_id) VALUES(71, 70, 1, 'http1', 'request', 1, 'POST', 'told.example', '/track', 'imei', 10, 'clear', printf('%032x', 7002));
-- quiet: it was opened with secrets
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(71, 70, '192.0.2.7', 80, 300, 0, 'told.example', printf('%032x', 7001));
INSERT INTO message(connection_id, capture_id, number, protocol, what, out, method, host, path, body_bytes, state, fact_id) VALUES(71, 70, 1, 'http1', 'request', 1, 'POST', 'told.example', '/track', 10, 'decrypted', printf('%032x', 7002));
-- quiet: it stays in the local network
INSERT INTO connection(connection_id, capture_id, dst, dport, bytes_out, "local", host, fact_id) VALUES(72, 70, '192.0.2.7', 80, 300, 1, 'told.example', printf('%032x', 7001));
INSERT INTO message(connection_id, capture_id, number, protocol, what, out, method, host, path, body_bytes, state, fact_id) VALUES(72, 70, 1, 'http1', 'request', 1, 'POST', 'told.example', '/track', 10, 'clear', printf('%032x', 7002));
