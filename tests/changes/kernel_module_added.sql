-- gives: medium more
-- also: medium more /vendor/lib/modules/helper.ko
-- also: medium more /vendor/lib/modules/wlan.ko
-- not: /lib/modules/5.10.2/sound.ko
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(900, 1, 1, 'in/system/lib/modules/wlan.ko', '/system/lib/modules/wlan.ko', 'elf', 1, 'read', printf('%032x', 900));
INSERT INTO kernel_module(build_id, artifact_id, name, fact_id) VALUES(1, 900, 'wlan', printf('%032x', 1000));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(901, 1, 1, 'in/lib/modules/5.10.1/sound.ko', '/lib/modules/5.10.1/sound.ko', 'elf', 1, 'read', printf('%032x', 901));
INSERT INTO kernel_module(build_id, artifact_id, name, fact_id) VALUES(1, 901, 'sound', printf('%032x', 1001));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(900, 1, 1, 'in/system/lib/modules/wlan.ko', '/system/lib/modules/wlan.ko', 'elf', 1, 'read', printf('%032x', 900));
INSERT INTO kernel_module(build_id, artifact_id, name, fact_id) VALUES(1, 900, 'wlan', printf('%032x', 1000));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(901, 1, 1, 'in/lib/modules/5.10.2/sound.ko', '/lib/modules/5.10.2/sound.ko', 'elf', 1, 'read', printf('%032x', 901));
INSERT INTO kernel_module(build_id, artifact_id, name, fact_id) VALUES(1, 901, 'sound', printf('%032x', 1001));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(902, 1, 1, 'in/vendor/lib/modules/wlan.ko', '/vendor/lib/modules/wlan.ko', 'elf', 1, 'read', printf('%032x', 902));
INSERT INTO kernel_module(build_id, artifact_id, name, fact_id) VALUES(1, 902, 'wlan', printf('%032x', 1002));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(903, 1, 1, 'in/vendor/lib/modules/helper.ko', '/vendor/lib/modules/helper.ko', 'elf', 1, 'read', printf('%032x', 903));
INSERT INTO kernel_module(build_id, artifact_id, name, fact_id) VALUES(1, 903, 'helper', printf('%032x', 1003));
