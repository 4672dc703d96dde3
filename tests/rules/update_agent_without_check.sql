-- fires
INSERT INTO update_agent(actor_id, how, verifies, fact_id) VALUES(10, 'update_system', 0, printf('%032x', 900));
-- quiet: its code was not read
INSERT INTO update_agent(actor_id, how, verifies, fact_id) VALUES(10, 'update_system', NULL, printf('%032x', 900));
