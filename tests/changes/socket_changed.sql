-- gives: medium more
-- before
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'maker', 'stream', '660', 'root', printf('%032x', 317));
-- after
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'maker', 'stream', '666', 'root', printf('%032x', 317));
