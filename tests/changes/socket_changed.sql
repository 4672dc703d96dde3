-- gives: medium more
-- also: medium more maker of makerd
-- also: info less b of makerd
-- also: low more c of makerd
-- also: low other d of makerd
-- also: medium more e of makerd
-- before
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'maker', 'stream', '660', 'root', printf('%032x', 317));
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'b', 'stream', '0666', 'root', printf('%032x', 318));
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'c', 'stream', '600', 'root', printf('%032x', 319));
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'd', 'stream', '600', 'root', printf('%032x', 320));
-- after
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'maker', 'stream', '666', 'root', printf('%032x', 317));
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'b', 'stream', '0600', 'root', printf('%032x', 318));
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'c', 'stream', '660', 'root', printf('%032x', 319));
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'd', 'stream', '600', 'shell', printf('%032x', 320));
INSERT INTO service_socket(actor_id, name, type, mode, user, fact_id) VALUES(21, 'e', 'stream', '666', 'root', printf('%032x', 321));
