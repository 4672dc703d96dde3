-- gives: info less
-- also: info less com.maker.tool java.lang.Runtime.exec with su
-- also: info less com.maker.tool java.lang.Runtime.exec with id
-- before
INSERT INTO artifact(artifact_id, parent_id, build_id, path, kind, size, state, fact_id) VALUES(90, 10, 1, 'in/Tool.apk!classes.dex', 'dex', 1, 'read', printf('%032x', 309));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(90, 'run_commands', 'com.maker.tool.A', 'go', '()V', 0, 'java.lang.Runtime.exec', 'su', printf('%032x', 310));
INSERT INTO call_site(artifact_id, power, class, method, descriptor, at, callee, argument, fact_id) VALUES(90, 'run_commands', 'com.maker.tool.A', 'go', '()V', 8, 'java.lang.Runtime.exec', 'id', printf('%032x', 311));
-- after
INSERT INTO artifact(artifact_id, parent_id, build_id, path, kind, size, state, fact_id) VALUES(90, 10, 1, 'in/Tool.apk!classes.dex', 'dex', 1, 'read', printf('%032x', 309));
