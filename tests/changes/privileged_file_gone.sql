-- gives: info less
-- also: info less /system/bin/f1 setuid
-- not: /system/bin/f5 capability
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(901, 1, 1, 'in/f1', '/system/bin/f1', 'elf', 1, 'read', printf('%032x', 601));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 901, 'setuid', NULL, NULL, '4755', 0, 0, printf('%032x', 641));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(905, 1, 1, 'in/f5', '/system/bin/f5', 'elf', 1, 'read', printf('%032x', 605));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 905, 'capability', 'setuid setgid', 1, '0750', 0, 0, printf('%032x', 645));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(905, 1, 1, 'in/f5', '/system/bin/f5', 'elf', 1, 'read', printf('%032x', 605));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 905, 'capability', 'setuid', 1, '0750', 0, 0, printf('%032x', 645));
