-- fires
INSERT INTO privileged_file(build_id, artifact_id, how, mode, uid, gid, fact_id) VALUES(1, 21, 'setuid', '04755', 0, 0, printf('%032x', 900));
-- quiet: a capability is another rule's
INSERT INTO privileged_file(build_id, artifact_id, how, detail, mode, uid, gid, fact_id) VALUES(1, 21, 'capability', 'net_raw', '0755', 0, 0, printf('%032x', 900));
