-- gives: medium more
-- before

-- after
INSERT INTO init_action(build_id, trigger, command, arguments, artifact_id, at, script_read, fact_id) VALUES(1, 'boot', 'exec', '/system/bin/helperd', 20, 0, 1, printf('%032x', 318));
