-- fires
INSERT INTO power(actor_id, power, code, reachable, entry, entry_kind, baseline, fact_id) VALUES(10, 'run_commands', 'La;->b', 1, 'com.maker.tool.S', 'background', 0, printf('%032x', 900));
-- quiet: nothing reaches it
INSERT INTO power(actor_id, power, code, reachable, baseline, fact_id) VALUES(10, 'run_commands', 'La;->b', 0, 0, printf('%032x', 900));
