-- fires
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO identifier_sought(build_id, identifier, sought, fact_id) VALUES(1, 'imei', 1, printf('%032x', 7003));
INSERT INTO identifier_seen(leak_id, connection_id, capture_id, build_id, identifier, digest, way, host, owner, "open", decode_path, form, strength, fact_id) VALUES(1, 71, 70, 1, 'imei', 'd', 'out', 'told.example', 'Told Inc.', 1, 'request.body/json.d', 'plain', 'decoded', printf('%032x', 7001));
-- quiet: only an echo, only inside the house, only what may be chance
INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(70, 70, 1, printf('%032x', 7000));
INSERT INTO identifier_sought(build_id, identifier, sought, fact_id) VALUES(1, 'imei', 1, printf('%032x', 7003));
INSERT INTO identifier_seen(leak_id, connection_id, capture_id, build_id, identifier, digest, way, host, owner, "open", decode_path, form, strength, fact_id) VALUES(1, 71, 70, 1, 'imei', 'd', 'back', 'told.example', 'Told Inc.', 1, 'request.body/json.d', 'plain', 'decoded', printf('%032x', 7001));
INSERT INTO identifier_seen(leak_id, connection_id, capture_id, build_id, identifier, digest, way, host, owner, "open", decode_path, form, strength, fact_id) VALUES(1, 71, 70, 1, 'imei', 'd', 'local', 'told.example', 'Told Inc.', 1, 'request.body/json.d', 'plain', 'decoded', printf('%032x', 7001));
INSERT INTO identifier_seen(leak_id, connection_id, capture_id, build_id, identifier, digest, way, host, owner, "open", decode_path, form, strength, fact_id) VALUES(1, 71, 70, 1, 'imei', 'd', 'out', 'told.example', 'Told Inc.', 1, 'request.body/json.d', 'plain', 'weak', printf('%032x', 7001));
