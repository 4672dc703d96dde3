-- gives: medium more
-- also: low other /system/bin/app_process
-- also: medium more /system/bin/sh
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, link_target) VALUES(900, 1, 1, 'in/ap', '/system/bin/app_process', 'symlink', 1, NULL, 'read', printf('%032x', 900), 'app_process32');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(901, 1, 1, 'in/sh', '/system/bin/sh', 'file', 1, 's', 'read', printf('%032x', 901));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, link_target) VALUES(902, 1, 1, 'in/x', '/system/bin/x', 'symlink', 1, NULL, 'read', printf('%032x', 902), 'y');
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, link_target) VALUES(900, 1, 1, 'in/ap', '/system/bin/app_process', 'symlink', 1, NULL, 'read', printf('%032x', 900), 'app_process64');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, link_target) VALUES(901, 1, 1, 'in/sh', '/system/bin/sh', 'symlink', 1, NULL, 'read', printf('%032x', 901), '/data/local/sh');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, link_target) VALUES(902, 1, 1, 'in/x', '/system/bin/x', 'symlink', 1, NULL, 'read', printf('%032x', 902), 'y');
