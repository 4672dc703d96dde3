-- fires
INSERT INTO update_agent(actor_id, how, verifies, fact_id) VALUES(10, 'update_system', 1, printf('%032x', 900));
-- quiet: a store beside one agent
INSERT INTO update_agent(actor_id, how, verifies, fact_id) VALUES(10, 'install_silently', 1, printf('%032x', 900));
