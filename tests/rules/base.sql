-- A quiet phone that every fixture starts from: each view that a rule needs has a row, none of which a rule should raise
-- (but for what plain AOSP also has).
INSERT INTO build(build_id, label, maker, brand, model, sdk, release, security_patch, tags, type, fact_id) VALUES(1, 'one', 'Maker', 'Maker', 'M1', 28, '9', '2019-01-01', 'release-keys', 'user', printf('%032x', 1));
INSERT INTO artifact(artifact_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(1, 1, 'in', NULL, 'folder', 1, 'read', printf('%032x', 2));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES
 (10, 1, 1, 'in/Tool.apk', '/system/priv-app/Tool/Tool.apk', 'apk', 1, 'read', printf('%032x', 10)), (11, 1, 1, 'in/Agent.apk', '/system/app/Agent/Agent.apk', 'apk', 1, 'read', printf('%032x', 11)),
 (12, 1, 1, 'in/Phone.apk', '/system/priv-app/Phone/Phone.apk', 'apk', 1, 'read', printf('%032x', 12)), (13, 1, 1, 'in/Plain.apk', '/system/app/Plain/Plain.apk', 'apk', 1, 'read', printf('%032x', 13)),
 (20, 1, 1, 'in/logd', '/system/bin/logd', 'elf', 1, 'read', printf('%032x', 20)), (21, 1, 1, 'in/makerd', '/vendor/bin/makerd', 'elf', 1, 'read', printf('%032x', 21)), (22, 1, 1, 'in/run-as', '/system/bin/run-as', 'elf', 1, 'read', printf('%032x', 22));
INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(10, 1, 'package', 'com.maker.tool', 10, printf('%032x', 30)), (11, 1, 'package', 'com.maker.agent', 11, printf('%032x', 31)),
 (12, 1, 'package', 'com.android.phone', 12, printf('%032x', 32)), (13, 1, 'package', 'com.maker.plain', 13, printf('%032x', 33)), (20, 1, 'service', 'logd', 20, printf('%032x', 34)), (21, 1, 'service', 'makerd', 21, printf('%032x', 35));
INSERT INTO package(package_id, build_id, artifact_id, name, target_sdk, partition, privileged, shared_uid, signer, fact_id) VALUES
 (10, 1, 10, 'com.maker.tool', 28, 'system', 1, NULL, 'own', printf('%032x', 40)), (11, 1, 11, 'com.maker.agent', 28, 'system', 0, 'android.uid.system', 'platform', printf('%032x', 41)),
 (12, 1, 12, 'com.android.phone', 28, 'system', 1, 'android.uid.phone', 'platform', printf('%032x', 42)), (13, 1, 13, 'com.maker.plain', 28, 'system', 0, NULL, 'own', printf('%032x', 43));
INSERT INTO signer(sha256, build_id, subject, known_as, fact_id) VALUES('platform', 1, 'CN=Maker', 'platform', printf('%032x', 50)), ('own', 1, 'CN=Own', NULL, printf('%032x', 51)), ('public', 1, 'CN=Android', 'aosp-testkey', printf('%032x', 52));
INSERT INTO signature(package_id, artifact_id, sdk_from, scheme, verdict, signer, fact_id) VALUES(12, 12, 24, 'v2', 'verified', 'platform', printf('%032x', 53));
INSERT INTO power(actor_id, power, held_by, code, reachable, entry, entry_kind, baseline, fact_id) VALUES(12, 'use_network', 'android.permission.INTERNET', 'La;->b', 1, 'a.B', 'background', 1, printf('%032x', 60));
INSERT INTO open_door(package_id, kind, entry, power, code, guard, fact_id) VALUES(12, 'service', 'com.android.phone.S', 'use_network', 'La;->b', 'asks', printf('%032x', 61));
INSERT INTO component(package_id, kind, class, exported, enabled, fact_id) VALUES(13, 'activity', 'com.maker.plain.A', 0, 1, printf('%032x', 62));
INSERT INTO intent_filter(package_id, component_kind, class, actions, categories, priority, fact_id) VALUES(13, 'activity', 'com.maker.plain.A', 'android.intent.action.MAIN', 'android.intent.category.LAUNCHER', 0, printf('%032x', 63));
INSERT INTO permission_grant(package_id, permission, requested, effective, protection, fact_id) VALUES(13, 'android.permission.CAMERA', 1, 'on_request', 'dangerous', printf('%032x', 64));
INSERT INTO permission_definition(build_id, permission, protection, package, fact_id) VALUES(1, 'com.maker.permission.GUARD', 'signature', 'com.maker.tool', printf('%032x', 65)), (1, 'com.maker.permission.OPEN', 'normal', 'com.maker.tool', printf('%032x', 66));
INSERT INTO manifest_entry(package_id, tag, name, fact_id) VALUES(13, 'uses-library', 'x', printf('%032x', 67));
INSERT INTO update_agent(actor_id, how, verifies, fact_id) VALUES(11, 'update_system', 1, printf('%032x', 68));
INSERT INTO needed_package(package_id, named_by, kind, fact_id) VALUES(12, 10, 'code', printf('%032x', 69));
INSERT INTO dialer_code(package_id, code, class, fact_id) VALUES(12, '4636', 'com.android.phone.C', printf('%032x', 70));
INSERT INTO setting(build_id, scope, name, value, artifact_id, fact_id) VALUES(1, 'prop', 'ro.debuggable', '0', 1, printf('%032x', 71));
INSERT INTO certificate_authority(build_id, artifact_id, store, sha256, subject, known, fact_id) VALUES(1, 1, 'system', 'ca', 'CN=Known', 1, printf('%032x', 72));
INSERT INTO privileged_file(build_id, artifact_id, how, detail, mode, uid, gid, fact_id) VALUES(1, 22, 'capability', 'setuid setgid', '0750', 0, 2000, printf('%032x', 73));
INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'logd', 0, 1, printf('%032x', 74));
INSERT INTO selinux_access(build_id, domain, target, class, permissions, note, artifact_id, fact_id) VALUES(1, 'appdomain', 'null_device', 'chr_file', 'read write', NULL, 1, printf('%032x', 75));
INSERT INTO service(actor_id, build_id, name, executable, user, artifact_id, fact_id) VALUES(20, 1, 'logd', '/system/bin/logd', 'logd', 1, printf('%032x', 76));
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(20, 'logdw', 'dgram', '0222', 'logd', printf('%032x', 77));
INSERT INTO endpoint(build_id, actor_id, artifact_id, scheme, host, how, "use", fact_id) VALUES(1, 10, 10, 'https', 'maker.example', 'literal', 'dex', printf('%032x', 78));
INSERT INTO sdk(actor_id, name, owner, country, how, fact_id) VALUES(13, 'Counter', 'Counter Inc.', 'NL', 'name', printf('%032x', 79));
INSERT INTO dynamic_code(artifact_id, kind, what, fact_id) VALUES(10, 'native', 'tool', printf('%032x', 80));
INSERT INTO native_string(artifact_id, kind, value, fact_id) VALUES(20, 'command', 'ls', printf('%032x', 81));
INSERT INTO native_library(artifact_id, type, nx_stack, fact_id) VALUES(20, 'program', 1, printf('%032x', 82));
INSERT INTO update_step(build_id, artifact_id, position, what, function, target, mode, detail, fact_id) VALUES(1, 1, 0, 'attribute', 'set_metadata', '/system/bin/sh', '0755', '', printf('%032x', 880));
INSERT INTO update_metadata(build_id, artifact_id, "key", value, fact_id) VALUES(1, 1, 'ota-type', 'AB', printf('%032x', 881));
INSERT INTO update_partition(build_id, artifact_id, name, new_size, operations, fact_id) VALUES(1, 1, 'system', 4096, 1, printf('%032x', 882));
INSERT INTO update_property(build_id, artifact_id, "key", value, holds, fact_id) VALUES(1, 1, 'FILE_SIZE', '1', 1, printf('%032x', 883));
INSERT INTO avb_check(build_id, structure, n, what, partition, result, enforced, fact_id) VALUES(1, 'vbmeta.img', -1, 'signature', 'vbmeta', 'verified', 1, printf('%032x', 83)), (1, 'vbmeta.img', -1, 'flags', 'vbmeta', 'stated', 1, printf('%032x', 84)),
 (1, 'vbmeta.img', -1, 'rollback', 'vbmeta', 'stated', 1, printf('%032x', 85)), (1, 'vbmeta.img', 0, 'hashtree', 'system', 'verified', 1, printf('%032x', 86));
INSERT INTO avb_coverage(build_id, path, partition, bytes, verified, unsigned, failed, structure, uncovered, uncovered_share, fact_id) VALUES(1, 'system.img', 'system', 4096, 4096, 0, 0, 0, 0, 0, printf('%032x', 87));
INSERT INTO test_key(build_id, place, subject, answer, fact_id) VALUES(1, 'avb', 'vbmeta.img', 'another', printf('%032x', 88));
INSERT INTO update_signature(build_id, artifact_id, place, n, result, fact_id) VALUES(1, 1, 'payload', 0, 'verified', printf('%032x', 89));
