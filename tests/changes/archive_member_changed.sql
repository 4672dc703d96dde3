-- gives: low other
-- also: low other /system/app/X/X.apk
-- says: In /system/app/X/X.apk 2 members are other, and what changed is not known: lib/b.so (new), assets/cfg.bin
-- not: /system/media/bootanimation.zip
-- not: /system/app/Y/Y.apk
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(900, 1, 1, 'in/x.apk', '/system/app/X/X.apk', 'apk', 1, 'a', 'read', printf('%032x', 900));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(901, 900, 1, 'in/x.apk!assets', NULL, 'folder', 1, NULL, 'read', printf('%032x', 901));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(902, 901, 1, 'in/x.apk!assets/cfg.bin', NULL, 'file', 1, 'c1', 'read', printf('%032x', 902));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(903, 900, 1, 'in/x.apk!META-INF/CERT.RSA', NULL, 'file', 1, 'certa', 'read', printf('%032x', 903));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(904, 900, 1, 'in/x.apk!classes.dex', NULL, 'dex', 1, 'dexa', 'read', printf('%032x', 904));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(905, 900, 1, 'in/x.apk!AndroidManifest.xml', NULL, 'axml', 1, 'ma', 'read', printf('%032x', 905));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(910, 1, 1, 'in/boot.zip', '/system/media/bootanimation.zip', 'zip', 1, '1', 'read', printf('%032x', 910));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(911, 910, 1, 'in/boot.zip!a.png', NULL, 'file', 1, 'png', 'read', printf('%032x', 911));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(912, 1, 1, 'in/y.apk', '/system/app/Y/Y.apk', 'apk', 1, 'y1', 'read', printf('%032x', 912));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(913, 912, 1, 'in/y.apk!lib/a.so', NULL, 'elf', 1, 'so1', 'read', printf('%032x', 913));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(900, 1, 1, 'in/x.apk', '/system/app/X/X.apk', 'apk', 1, 'b', 'read', printf('%032x', 900));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(901, 900, 1, 'in/x.apk!assets', NULL, 'folder', 1, NULL, 'read', printf('%032x', 901));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(902, 901, 1, 'in/x.apk!assets/cfg.bin', NULL, 'file', 1, 'c2', 'read', printf('%032x', 902));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(903, 900, 1, 'in/x.apk!META-INF/CERT.RSA', NULL, 'file', 1, 'certb', 'read', printf('%032x', 903));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(904, 900, 1, 'in/x.apk!classes.dex', NULL, 'dex', 1, 'dexb', 'read', printf('%032x', 904));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(905, 900, 1, 'in/x.apk!AndroidManifest.xml', NULL, 'axml', 1, 'mb', 'read', printf('%032x', 905));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(906, 900, 1, 'in/x.apk!lib/b.so', NULL, 'elf', 1, 'new', 'read', printf('%032x', 906));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(910, 1, 1, 'in/boot.zip', '/system/media/bootanimation.zip', 'zip', 1, '2', 'read', printf('%032x', 910));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(911, 910, 1, 'in/boot.zip!a.png', NULL, 'file', 1, 'png', 'read', printf('%032x', 911));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(912, 1, 1, 'in/y.apk', '/system/app/Y/Y.apk', 'apk', 1, 'y2', 'read', printf('%032x', 912));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(913, 912, 1, 'in/y.apk!lib/a.so', NULL, 'elf', 1, 'so2', 'read', printf('%032x', 913));
-- compared
INSERT INTO native_match(path, equal) VALUES('in/y.apk!lib/a.so', 'differs');
