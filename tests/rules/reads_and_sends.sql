-- fires
INSERT INTO power(actor_id, power, held_by, code, reachable, baseline, fact_id) VALUES(10, 'read_messages', 'x', 'La;->b', 1, 0, printf('%032x', 900)), (10, 'read_calls', 'x', 'La;->b', 1, 0, printf('%032x', 901)), (10, 'use_network', 'x', 'La;->b', 1, 0, printf('%032x', 902));
-- quiet: no way out
INSERT INTO power(actor_id, power, held_by, code, reachable, baseline, fact_id) VALUES(10, 'read_messages', 'x', 'La;->b', 1, 0, printf('%032x', 900)), (10, 'read_calls', 'x', 'La;->b', 1, 0, printf('%032x', 901)), (10, 'use_network', 'x', NULL, NULL, 0, printf('%032x', 902));
