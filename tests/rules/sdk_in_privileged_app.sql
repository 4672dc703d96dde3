-- fires
INSERT INTO sdk(actor_id, name, owner, country, how, fact_id) VALUES(10, 'Counter', 'Counter Inc.', 'NL', 'name', printf('%032x', 900));
-- quiet: an owner that is not known
INSERT INTO sdk(actor_id, name, owner, country, how, fact_id) VALUES(10, 'Counter', NULL, NULL, 'name', printf('%032x', 900));
