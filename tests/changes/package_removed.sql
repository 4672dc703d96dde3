-- gives: low less
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(71, 1, 1, 'in/com.maker.fresh.apk', '/system/app/com.maker.fresh/com.maker.fresh.apk', 'apk', 1, 'read', printf('%032x', 971));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(70, 1, 'package', 'com.maker.fresh', 71, printf('%032x', 870));
INSERT INTO package(package_id, build_id, artifact_id, name, version_code, version_name, target_sdk, partition, privileged, signer, fact_id) VALUES(70, 1, 71, 'com.maker.fresh', 1, '1', 28, 'system', 1, 'own', printf('%032x', 770));
-- after

