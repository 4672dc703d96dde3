-- gives: info less
-- before
INSERT INTO update_agent(actor_id, how, verifies, fact_id) VALUES(10, 'update_system', 1, printf('%032x', 312));
-- after

