-- gives: info other
-- also: info other /system/app/A/A
-- also: info other /system/app/B/B
-- not: /system/app/C/C
-- says: /system/app/A/A: 1 files of compiled code have other bytes, and what their machine code does is not known: /system/app/A/oat/arm64/A.odex
-- says: /system/app/B/B: 1 files of compiled code have other bytes, and what their machine code does is not known, nor was all bytecode in them compared: /system/app/B/oat/arm64/B.odex
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(900, 1, 1, 'in/A.odex', '/system/app/A/oat/arm64/A.odex', 'oat', 1, 'A1', 'read', printf('%032x', 900));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(901, 900, 1, 'in/A.odex!classes.dex', NULL, 'dex', 1, 'dexA', 'read', printf('%032x', 901));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(910, 1, 1, 'in/B.odex', '/system/app/B/oat/arm64/B.odex', 'oat', 1, 'B1', 'read', printf('%032x', 910));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(911, 910, 1, 'in/B.odex!classes.dex', NULL, 'dex', 1, 'dexB', 'read', printf('%032x', 911));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(920, 1, 1, 'in/C.odex', '/system/app/C/oat/arm64/C.odex', 'oat', 1, 'C', 'read', printf('%032x', 920));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(921, 920, 1, 'in/C.odex!classes.dex', NULL, 'dex', 1, 'dexC', 'read', printf('%032x', 921));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(900, 1, 1, 'in/A.odex', '/system/app/A/oat/arm64/A.odex', 'oat', 1, 'A2', 'read', printf('%032x', 900));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(901, 900, 1, 'in/A.odex!classes.dex', NULL, 'dex', 1, 'dexA', 'read', printf('%032x', 901));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(910, 1, 1, 'in/B.odex', '/system/app/B/oat/arm64/B.odex', 'oat', 1, 'B2', 'read', printf('%032x', 910));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(911, 910, 1, 'in/B.odex!classes.dex', NULL, 'dex', 1, 'dexB', 'read', printf('%032x', 911));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(920, 1, 1, 'in/C.odex', '/system/app/C/oat/arm64/C.odex', 'oat', 1, 'C', 'read', printf('%032x', 920));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(921, 920, 1, 'in/C.odex!classes.dex', NULL, 'dex', 1, 'dexC', 'read', printf('%032x', 921));
-- compared
INSERT INTO code_file(side, path, app) VALUES('before', 'in/A.odex!classes.dex', '/system/app/A/A'), ('after', 'in/A.odex!classes.dex', '/system/app/A/A'), ('before', 'in/B.odex!classes.dex', '/system/app/B/B');
