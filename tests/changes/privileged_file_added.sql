-- gives: critical more
-- also: critical more /system/bin/f1 setuid
-- also: critical more /system/bin/f2 setuid
-- also: info less /system/bin/f3 setuid
-- also: high more /system/bin/f4 capability
-- also: info less /system/bin/f5 capability
-- also: high more /system/bin/f6 capability
-- also: high more /system/bin/f7 setuid
-- also: medium other /system/bin/f8 setgid
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(902, 1, 1, 'in/f2', '/system/bin/f2', 'elf', 1, 'read', printf('%032x', 602));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 902, 'setuid', NULL, NULL, '4750', 2000, 0, printf('%032x', 642));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(903, 1, 1, 'in/f3', '/system/bin/f3', 'elf', 1, 'read', printf('%032x', 603));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 903, 'setuid', NULL, NULL, '4750', 0, 0, printf('%032x', 643));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(904, 1, 1, 'in/f4', '/system/bin/f4', 'elf', 1, 'read', printf('%032x', 604));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 904, 'capability', 'setuid', 0, '0750', 0, 0, printf('%032x', 644));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(905, 1, 1, 'in/f5', '/system/bin/f5', 'elf', 1, 'read', printf('%032x', 605));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 905, 'capability', 'setuid setgid', 1, '0750', 0, 0, printf('%032x', 645));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(906, 1, 1, 'in/f6', '/system/bin/f6', 'elf', 1, 'read', printf('%032x', 606));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 906, 'capability', 'setuid', 0, '0750', 0, 0, printf('%032x', 646));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(907, 1, 1, 'in/f7', '/system/bin/f7', 'elf', 1, 'read', printf('%032x', 607));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 907, 'setuid', NULL, NULL, '4750', 0, 0, printf('%032x', 647));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(908, 1, 1, 'in/f8', '/system/bin/f8', 'elf', 1, 'read', printf('%032x', 608));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 908, 'setgid', NULL, NULL, '2755', 0, 1000, printf('%032x', 648));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(901, 1, 1, 'in/f1', '/system/bin/f1', 'elf', 1, 'read', printf('%032x', 601));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 901, 'setuid', NULL, NULL, '4755', 0, 0, printf('%032x', 641));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(902, 1, 1, 'in/f2', '/system/bin/f2', 'elf', 1, 'read', printf('%032x', 602));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 902, 'setuid', NULL, NULL, '4750', 0, 0, printf('%032x', 642));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(903, 1, 1, 'in/f3', '/system/bin/f3', 'elf', 1, 'read', printf('%032x', 603));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 903, 'setuid', NULL, NULL, '4750', 2000, 0, printf('%032x', 643));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(904, 1, 1, 'in/f4', '/system/bin/f4', 'elf', 1, 'read', printf('%032x', 604));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 904, 'capability', 'setuid sys_admin', 0, '0750', 0, 0, printf('%032x', 644));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(905, 1, 1, 'in/f5', '/system/bin/f5', 'elf', 1, 'read', printf('%032x', 605));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 905, 'capability', 'setuid', 1, '0750', 0, 0, printf('%032x', 645));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(906, 1, 1, 'in/f6', '/system/bin/f6', 'elf', 1, 'read', printf('%032x', 606));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 906, 'capability', 'setuid', 1, '0750', 0, 0, printf('%032x', 646));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(907, 1, 1, 'in/f7', '/system/bin/f7', 'elf', 1, 'read', printf('%032x', 607));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 907, 'setuid', NULL, NULL, '4755', 0, 0, printf('%032x', 647));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(908, 1, 1, 'in/f8', '/system/bin/f8', 'elf', 1, 'read', printf('%032x', 608));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, effective, mode, uid, gid, fact_id) VALUES(1, 908, 'setgid', NULL, NULL, '2755', 0, 2000, printf('%032x', 648));
