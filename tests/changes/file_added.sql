-- gives: medium more
-- also: medium more /system/bin/helperd
-- also: medium more /system/bin/new
-- also: low other /system/etc/new
-- before

-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(91, 1, 1, 'in/system/bin/helperd', '/system/bin/helperd', 'elf', 1, 'a91', 'read', printf('%032x', 91));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(92, 1, 1, 'in/system/bin/new', '/system/bin/new', 'file', 1, 'a92', 'damaged', printf('%032x', 92));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(93, 1, 1, 'in/system/etc/new', '/system/etc/new', 'file', 1, 'a93', 'listed', printf('%032x', 93));
