-- gives: info less
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, kind, size, state, fact_id) VALUES(90, 10, 1, 'in/Tool.apk!classes.dex', 'dex', 1, 'read', printf('%032x', 309));
INSERT INTO dynamic_code(artifact_id, kind, class, method, descriptor, at, callee, what, fact_id) VALUES(90, 'dex', 'com.maker.tool.A', 'go', '()V', 0, 'dalvik.system.DexClassLoader.<init>', '/data/x.jar', printf('%032x', 311));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, kind, size, state, fact_id) VALUES(90, 10, 1, 'in/Tool.apk!classes.dex', 'dex', 1, 'read', printf('%032x', 309));
