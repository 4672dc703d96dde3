-- gives: info other
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(91, 1, 1, 'in/helperd', '/system/bin/helperd', 'elf', 1, 'a', 'read', printf('%032x', 325));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(91, 1, 1, 'in/helperd', '/system/bin/helperd', 'elf', 1, 'b', 'listed', printf('%032x', 325));
