-- gives: medium other
-- also: medium other u:object_r:system_file:s0 to u:object_r:su_exec:s0
-- says: 2 files with the label u:object_r:a:s0 have u:object_r:b:s0 now: /system/etc/a, /system/etc/b
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, selinux) VALUES(900, 1, 1, 'in/h', '/system/bin/h', 'file', 1, 'h', 'read', printf('%032x', 900), 'u:object_r:system_file:s0');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, selinux) VALUES(901, 1, 1, 'in/a', '/system/etc/a', 'file', 1, 'a', 'read', printf('%032x', 901), 'u:object_r:a:s0');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, selinux) VALUES(902, 1, 1, 'in/b', '/system/etc/b', 'file', 1, 'b', 'read', printf('%032x', 902), 'u:object_r:a:s0');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(903, 1, 1, 'in/c', '/system/etc/c', 'file', 1, 'c', 'read', printf('%032x', 903));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, selinux) VALUES(900, 1, 1, 'in/h', '/system/bin/h', 'file', 1, 'h', 'read', printf('%032x', 900), 'u:object_r:su_exec:s0');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, selinux) VALUES(901, 1, 1, 'in/a', '/system/etc/a', 'file', 1, 'a', 'read', printf('%032x', 901), 'u:object_r:b:s0');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, selinux) VALUES(902, 1, 1, 'in/b', '/system/etc/b', 'file', 1, 'b', 'read', printf('%032x', 902), 'u:object_r:b:s0');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id, selinux) VALUES(903, 1, 1, 'in/c', '/system/etc/c', 'file', 1, 'c', 'read', printf('%032x', 903), 'u:object_r:b:s0');
