-- fires
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'hosts', 'updates.example', '192.0.2.1', printf('%032x', 900));
-- quiet: the usual line
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'hosts', 'localhost', '127.0.0.1', printf('%032x', 900));
