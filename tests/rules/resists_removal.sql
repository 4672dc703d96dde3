-- fires
INSERT INTO power(actor_id, power, held_by, code, reachable, baseline, fact_id) VALUES(10, 'resist_removal', 'x', 'La;->b', 1, 0, printf('%032x', 900));
-- quiet: the right without code
INSERT INTO power(actor_id, power, held_by, baseline, fact_id) VALUES(10, 'resist_removal', 'x', 0, printf('%032x', 900));
