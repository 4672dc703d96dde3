-- fires
INSERT INTO selinux_access(build_id, domain, target, class, permissions, note, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'rild_socket', 'sock_file', 'write', 'baseline app_rild_socket: An app can talk to the radio daemon.', 1, printf('%032x', 900));
-- quiet: what apps may reach without leaving AOSP's rules, and permissive domains, which have their own rule
INSERT INTO selinux_access(build_id, domain, target, class, permissions, note, artifact_id, fact_id) VALUES(1, 'untrusted_app', 'x_service', 'service_manager', 'find', NULL, 1, printf('%032x', 900)), (1, 'makerd', '', 'permissive', '', 'baseline permissive_domain: x', 1, printf('%032x', 901));
