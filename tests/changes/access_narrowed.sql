-- gives: info less
-- before
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'maker_device', 'chr_file', 'read write', 20, printf('%032x', 322));
-- after
INSERT INTO selinux_access(build_id, domain, target, class, permissions, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'maker_device', 'chr_file', 'read', 20, printf('%032x', 322));
