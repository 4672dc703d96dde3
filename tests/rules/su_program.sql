-- fires
INSERT INTO artifact(artifact_id, build_id, path, device_path, kind, state, fact_id) VALUES(90, 1, 'in/su', '/system/xbin/su', 'elf', 'read', printf('%032x', 900));
-- quiet: a folder, and another word
INSERT INTO artifact(artifact_id, build_id, path, device_path, kind, state, fact_id) VALUES(90, 1, 'in/su', '/data/xbin/su', 'folder', 'read', printf('%032x', 900)), (91, 1, 'in/tsu', '/system/bin/tsu', 'elf', 'read', printf('%032x', 901));
