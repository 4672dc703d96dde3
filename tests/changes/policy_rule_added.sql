-- gives: high more
-- also: high more untrusted_app x_device chr_file
-- also: high more untrusted_app maker_device chr_file
-- not: untrusted_app told_device chr_file
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(91, 1, 1, 'in/sepolicy', '/vendor/etc/selinux/precompiled_sepolicy', 'sepolicy', 1, 'read', printf('%032x', 340));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(92, 1, 1, 'in/recovery!sepolicy', NULL, 'sepolicy', 1, 'read', printf('%032x', 341));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'x_device', 'chr_file', 'read', 91, printf('%032x', 344));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'x_device', 'chr_file', 'read', 92, printf('%032x', 343));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'maker_device', 'chr_file', 'read', 91, printf('%032x', 342));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'told_device', 'chr_file', 'read', 91, printf('%032x', 345));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(91, 1, 1, 'in/sepolicy', '/vendor/etc/selinux/precompiled_sepolicy', 'sepolicy', 1, 'read', printf('%032x', 340));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(92, 1, 1, 'in/recovery!sepolicy', NULL, 'sepolicy', 1, 'read', printf('%032x', 341));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'x_device', 'chr_file', 'read', 91, printf('%032x', 344));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'x_device', 'chr_file', 'read write', 92, printf('%032x', 343));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'maker_device', 'chr_file', 'read write', 91, printf('%032x', 342));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'told_device', 'chr_file', 'read write', 91, printf('%032x', 345));
-- compared
INSERT INTO policy_rule_added VALUES('/vendor/etc/selinux/precompiled_sepolicy', 'mediaserver', 'mediaserver', 'capability', 'sys_module', 1, printf('%032x', 500));
INSERT INTO policy_rule_added VALUES('/vendor/etc/selinux/precompiled_sepolicy', 'untrusted_app', 'x_device', 'chr_file', 'write', 1, printf('%032x', 500));
INSERT INTO policy_rule_added VALUES('/vendor/etc/selinux/precompiled_sepolicy', 'untrusted_app', 'maker_device', 'chr_file', 'ioctl write', 1, printf('%032x', 500));
INSERT INTO policy_rule_added VALUES('/vendor/etc/selinux/precompiled_sepolicy', 'untrusted_app', 'told_device', 'chr_file', 'write', 1, printf('%032x', 500));
