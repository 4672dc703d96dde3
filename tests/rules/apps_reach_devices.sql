-- fires
INSERT INTO selinux_access(build_id, domain, target, class, permissions, note, artifact_id, fact_id) VALUES(1, 'appdomain', 'maker_diag_device', 'chr_file', 'ioctl open read write', NULL, 1, printf('%032x', 900));
-- quiet: reading only
INSERT INTO selinux_access(build_id, domain, target, class, permissions, note, artifact_id, fact_id) VALUES(1, 'appdomain', 'maker_diag_device', 'chr_file', 'open read', NULL, 1, printf('%032x', 900));
