-- fires
INSERT INTO service(actor_id, build_id, name, executable, user, fact_id) VALUES(21, 1, 'makerd', '/vendor/bin/makerd', NULL, printf('%032x', 901));
INSERT INTO service_socket(actor_id, name, mode, fact_id) VALUES(21, 'makerd', '0666', printf('%032x', 900));
-- quiet: for its group only
INSERT INTO service(actor_id, build_id, name, executable, user, fact_id) VALUES(21, 1, 'makerd', '/vendor/bin/makerd', 'root', printf('%032x', 901));
INSERT INTO service_socket(actor_id, name, mode, fact_id) VALUES(21, 'makerd', '0660', printf('%032x', 900));
