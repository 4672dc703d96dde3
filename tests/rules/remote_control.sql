-- fires
INSERT INTO power(actor_id, power, held_by, code, reachable, baseline, fact_id) VALUES(10, 'control_remotely', 'x', 'La;->b', 1, 0, printf('%032x', 900));
-- quiet: push alone
INSERT INTO power(actor_id, power, held_by, code, reachable, baseline, fact_id) VALUES(10, 'receive_push', 'x', 'La;->b', 1, 0, printf('%032x', 900));
