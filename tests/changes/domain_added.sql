-- gives: info other
-- before
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'helper', 0, 20, printf('%032x', 320));
-- after
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'helper', 0, 20, printf('%032x', 320));
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'other', 0, 20, printf('%032x', 321));
