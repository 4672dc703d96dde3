-- fires
INSERT INTO power(actor_id, power, code, reachable, baseline, fact_id) VALUES(10, 'load_code', 'La;->b', 1, 0, printf('%032x', 900));
-- quiet: code that nothing reaches
INSERT INTO power(actor_id, power, code, reachable, baseline, fact_id) VALUES(10, 'load_code', 'La;->b', 0, 0, printf('%032x', 900));
