-- gives: info less
-- also: info less helper
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(91, 1, 1, 'in/sepolicy', '/vendor/etc/selinux/precompiled_sepolicy', 'sepolicy', 1, 'read', printf('%032x', 340));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(92, 1, 1, 'in/recovery!sepolicy', NULL, 'sepolicy', 1, 'read', printf('%032x', 341));
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'helper', 1, 91, printf('%032x', 320));
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'helper', 1, 92, printf('%032x', 321));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(91, 1, 1, 'in/sepolicy', '/vendor/etc/selinux/precompiled_sepolicy', 'sepolicy', 1, 'read', printf('%032x', 340));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(92, 1, 1, 'in/recovery!sepolicy', NULL, 'sepolicy', 1, 'read', printf('%032x', 341));
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'helper', 0, 91, printf('%032x', 320));
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'helper', 1, 92, printf('%032x', 321));
