-- fires
INSERT INTO power(actor_id, power, code, reachable, entry_kind, baseline, fact_id) VALUES(10, 'reach_modem', 'La;->b', 1, 'exported', 0, printf('%032x', 900));
-- quiet: nothing reaches it
INSERT INTO power(actor_id, power, code, reachable, baseline, fact_id) VALUES(10, 'reach_modem', 'La;->b', 0, 0, printf('%032x', 900));
