-- fires
INSERT INTO service(actor_id, build_id, name, executable, user, fact_id) VALUES(21, 1, 'makerd', '/vendor/bin/makerd', 'root', printf('%032x', 901));
INSERT INTO native_string(artifact_id, kind, value, fact_id) VALUES(21, 'command', 'iptables -A %s', printf('%032x', 900));
-- quiet: a place is no command
INSERT INTO service(actor_id, build_id, name, executable, user, fact_id) VALUES(21, 1, 'makerd', '/vendor/bin/makerd', 'root', printf('%032x', 901));
INSERT INTO native_string(artifact_id, kind, value, fact_id) VALUES(21, 'path', '/data', printf('%032x', 900));
