-- gives: info other
-- also: info other /system/bin/helperd
-- also: info other /system/xbin/run.rc
-- also: info other /system/media/broken.zip
-- also: info other /system/etc/permissions/p.xml
-- not: /system/etc/init/a.rc
-- not: /system/media/good.zip
-- not: /system/app/Z/Z.apk
-- not: /system/build.prop
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(91, 1, 1, 'in/helperd', '/system/bin/helperd', 'file', 1, 'a', 'read', printf('%032x', 91));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(910, 1, 1, 'in/system/xbin/run.rc', '/system/xbin/run.rc', 'script', 1, 'o0', 'read', printf('%032x', 910));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(911, 1, 1, 'in/system/etc/init/a.rc', '/system/etc/init/a.rc', 'file', 1, 'o1', 'read', printf('%032x', 911));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(912, 1, 1, 'in/system/media/broken.zip', '/system/media/broken.zip', 'zip', 1, 'o2', 'read', printf('%032x', 912));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(913, 1, 1, 'in/system/media/good.zip', '/system/media/good.zip', 'zip', 1, 'o3', 'read', printf('%032x', 913));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(914, 1, 1, 'in/system/app/Z/Z.apk', '/system/app/Z/Z.apk', 'apk', 1, 'o4', 'read', printf('%032x', 914));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(915, 1, 1, 'in/system/etc/permissions/p.xml', '/system/etc/permissions/p.xml', 'file', 1, 'o5', 'read', printf('%032x', 915));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(916, 1, 1, 'in/system/build.prop', '/system/build.prop', 'file', 1, 'o6', 'read', printf('%032x', 916));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(920, 913, 1, 'in/good.zip!x', NULL, 'file', 1, 'x', 'read', printf('%032x', 920));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(921, 914, 1, 'in/z.apk!x', NULL, 'file', 1, 'x', 'read', printf('%032x', 921));
INSERT INTO init_action(build_id, trigger, command, arguments, artifact_id, at, script_read, fact_id) VALUES(1, 'boot', 'start', 'x', 911, 0, 1, printf('%032x', 930));
INSERT INTO setting(build_id, scope, name, value, artifact_id, fact_id) VALUES(1, 'prop', 'a', 'b', 916, printf('%032x', 931));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(91, 1, 1, 'in/helperd', '/system/bin/helperd', 'file', 1, 'b', 'read', printf('%032x', 91));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(910, 1, 1, 'in/system/xbin/run.rc', '/system/xbin/run.rc', 'script', 1, 'n0', 'read', printf('%032x', 910));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(911, 1, 1, 'in/system/etc/init/a.rc', '/system/etc/init/a.rc', 'file', 1, 'n1', 'read', printf('%032x', 911));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(912, 1, 1, 'in/system/media/broken.zip', '/system/media/broken.zip', 'zip', 1, 'n2', 'read', printf('%032x', 912));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(913, 1, 1, 'in/system/media/good.zip', '/system/media/good.zip', 'zip', 1, 'n3', 'read', printf('%032x', 913));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(914, 1, 1, 'in/system/app/Z/Z.apk', '/system/app/Z/Z.apk', 'apk', 1, 'n4', 'read', printf('%032x', 914));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(915, 1, 1, 'in/system/etc/permissions/p.xml', '/system/etc/permissions/p.xml', 'file', 1, 'n5', 'read', printf('%032x', 915));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(916, 1, 1, 'in/system/build.prop', '/system/build.prop', 'file', 1, 'n6', 'read', printf('%032x', 916));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(920, 913, 1, 'in/good.zip!x', NULL, 'file', 1, 'x', 'read', printf('%032x', 920));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(921, 914, 1, 'in/z.apk!x', NULL, 'file', 1, 'x', 'read', printf('%032x', 921));
INSERT INTO init_action(build_id, trigger, command, arguments, artifact_id, at, script_read, fact_id) VALUES(1, 'boot', 'start', 'x', 911, 0, 1, printf('%032x', 930));
INSERT INTO setting(build_id, scope, name, value, artifact_id, fact_id) VALUES(1, 'prop', 'a', 'b', 916, printf('%032x', 931));
