-- fires
INSERT INTO power(actor_id, power, code, reachable, baseline, fact_id) VALUES(10, 'accept_any_certificate', 'La;->b', NULL, 0, printf('%032x', 900));
-- quiet: without code
INSERT INTO power(actor_id, power, held_by, baseline, fact_id) VALUES(10, 'accept_any_certificate', 'x', 0, printf('%032x', 900));
