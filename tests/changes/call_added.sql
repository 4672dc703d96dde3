-- gives: medium more
-- also: medium more com.maker.tool java.lang.Runtime.exec
-- also: medium more com.maker.after java.lang.Runtime.exec
-- also: medium more /system/framework/services java.lang.Runtime.exec
-- not: com.maker.agent java.lang.Runtime.exec
-- not: com.maker.agent java.lang.ProcessBuilder.start
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
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(82, 1, 1, 'in/arm64.odex', '/system/app/Agent/oat/arm64/Agent.odex', 'oat', 1, 'read', printf('%032x', 482));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(83, 82, 1, 'in/arm64.odex!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 483));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(83, 'run_commands', 'com.maker.agent.A', 'go', '()V', 4, 'java.lang.Runtime.exec', 'su', printf('%032x', 330));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(83, 'run_commands', 'com.maker.agent.A', 'set', '()V', 8, 'java.lang.ProcessBuilder.start', 'com/android/phone/Own;->list', printf('%032x', 334));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(90, 10, 1, 'in/Tool.apk!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 309));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(90, 'run_commands', 'com.maker.tool.A', 'go', '()V', 0, 'java.lang.Runtime.exec', 'su', printf('%032x', 310));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(98, 1, 1, 'in/system/app/Renamed/Renamed.apk', '/system/app/Renamed/Renamed.apk', 'apk', 1, 'read', printf('%032x', 480));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(98, 1, 'package', 'com.maker.after', 98, printf('%032x', 481));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, signer, fact_id) VALUES(98, 1, 98, 'com.maker.after', 28, 'own', printf('%032x', 482));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(99, 98, 1, 'in/Renamed.apk!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 485));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(99, 'run_commands', 'a.B', 'go', '()V', 0, 'java.lang.Runtime.exec', 'su', printf('%032x', 331));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(94, 1, 1, 'in/services.jar', '/system/framework/services.jar', 'zip', 1, 'read', printf('%032x', 450));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(95, 94, 1, 'in/services.jar!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 451));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(96, 1, 1, 'in/system/framework/framework-res.apk', '/system/framework/framework-res.apk', 'apk', 1, 'read', printf('%032x', 460));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(96, 1, 'package', 'android', 96, printf('%032x', 461));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, signer, fact_id) VALUES(96, 1, 96, 'android', 28, 'own', printf('%032x', 462));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(97, 1, 1, 'in/system/framework/framework.apk', '/system/framework/framework.apk', 'apk', 1, 'read', printf('%032x', 470));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(97, 1, 'package', 'com.maker.more', 97, printf('%032x', 471));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, signer, fact_id) VALUES(97, 1, 97, 'com.maker.more', 28, 'own', printf('%032x', 472));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(95, 'run_commands', 'com.android.server.S', 'go', '()V', 0, 'java.lang.Runtime.exec', 'su', printf('%032x', 332));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(80, 1, 1, 'in/arm.odex', '/system/app/Agent/oat/arm/Agent.odex', 'oat', 1, 'read', printf('%032x', 480));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(81, 80, 1, 'in/arm.odex!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 481));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(81, 'run_commands', 'com.maker.agent.A', 'go', '()V', 4, 'java.lang.Runtime.exec', 'su', printf('%032x', 333));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(82, 1, 1, 'in/arm64.odex', '/system/app/Agent/oat/arm64/Agent.odex', 'oat', 1, 'read', printf('%032x', 482));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(83, 82, 1, 'in/arm64.odex!classes.dex', NULL, 'dex', 1, 'read', printf('%032x', 483));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(83, 'run_commands', 'com.maker.agent.A', 'go', '()V', 4, 'java.lang.Runtime.exec', 'su', printf('%032x', 330));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(83, 'run_commands', 'a.C', 'set', '()V', 8, 'java.lang.ProcessBuilder.start', 'a/C;->b', printf('%032x', 334));
