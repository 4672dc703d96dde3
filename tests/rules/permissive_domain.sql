-- fires
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'makerd', 1, 1, printf('%032x', 900));
-- quiet: enforced
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'makerd', 0, 1, printf('%032x', 900));
