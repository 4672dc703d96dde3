-- gives: high more
-- also: high more com.maker.tool dalvik.system.DexClassLoader.<init> /data/x.jar
-- also: high more com.maker.after dalvik.system.DexClassLoader.<init> /data/x.jar
-- also: high more /system/framework/services dalvik.system.DexClassLoader.<init> /data/x.jar
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(90, 10, 1, 'in/Tool.apk!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 309));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(98, 1, 1, 'in/system/app/Renamed/Renamed.apk', '/system/app/Renamed/Renamed.apk', 'apk', 1, 'read', printf('%032x', 480));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(98, 1, 'package', 'com.maker.before', 98, printf('%032x', 481));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, signer, fact_id) VALUES(98, 1, 98, 'com.maker.before', 28, 'own', printf('%032x', 482));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(99, 98, 1, 'in/Renamed.apk!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 485));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(94, 1, 1, 'in/services.jar', '/system/framework/services.jar', 'zip', 1, 'read', printf('%032x', 450));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(95, 94, 1, 'in/services.jar!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 451));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(96, 1, 1, 'in/system/framework/framework-res.apk', '/system/framework/framework-res.apk', 'apk', 1, 'read', printf('%032x', 460));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(96, 1, 'package', 'android', 96, printf('%032x', 461));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, signer, fact_id) VALUES(96, 1, 96, 'android', 28, 'own', printf('%032x', 462));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(90, 10, 1, 'in/Tool.apk!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 309));
INSERT INTO dynamic_code(artifact_id, kind, class, method, descriptor, at, callee, what, fact_id) VALUES(90, 'dex', 'com.maker.tool.A', 'go', '()V', 0, 'dalvik.system.DexClassLoader.<init>', '/data/x.jar', printf('%032x', 311));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(98, 1, 1, 'in/system/app/Renamed/Renamed.apk', '/system/app/Renamed/Renamed.apk', 'apk', 1, 'read', printf('%032x', 480));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(98, 1, 'package', 'com.maker.after', 98, printf('%032x', 481));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, signer, fact_id) VALUES(98, 1, 98, 'com.maker.after', 28, 'own', printf('%032x', 482));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(99, 98, 1, 'in/Renamed.apk!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 485));
INSERT INTO dynamic_code(artifact_id, kind, class, method, descriptor, at, callee, what, fact_id) VALUES(99, 'dex', 'a.B', 'go', '()V', 0, 'dalvik.system.DexClassLoader.<init>', '/data/x.jar', printf('%032x', 334));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(94, 1, 1, 'in/services.jar', '/system/framework/services.jar', 'zip', 1, 'read', printf('%032x', 450));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(95, 94, 1, 'in/services.jar!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 451));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(96, 1, 1, 'in/system/framework/framework-res.apk', '/system/framework/framework-res.apk', 'apk', 1, 'read', printf('%032x', 460));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(96, 1, 'package', 'android', 96, printf('%032x', 461));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, signer, fact_id) VALUES(96, 1, 96, 'android', 28, 'own', printf('%032x', 462));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(97, 1, 1, 'in/system/framework/framework.apk', '/system/framework/framework.apk', 'apk', 1, 'read', printf('%032x', 470));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(97, 1, 'package', 'com.maker.more', 97, printf('%032x', 471));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, signer, fact_id) VALUES(97, 1, 97, 'com.maker.more', 28, 'own', printf('%032x', 472));
INSERT INTO dynamic_code(artifact_id, kind, class, method, descriptor, at, callee, what, fact_id) VALUES(95, 'dex', 'com.android.server.S', 'go', '()V', 0, 'dalvik.system.DexClassLoader.<init>', '/data/x.jar', printf('%032x', 335));
