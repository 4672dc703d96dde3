-- fires
INSERT INTO open_door(package_id, kind, entry, power, code, fact_id) VALUES(11, 'receiver', 'com.maker.agent.Run', 'run_commands', 'La;->b', printf('%032x', 900));
-- quiet: an app without rights of the system
INSERT INTO open_door(package_id, kind, entry, power, code, fact_id) VALUES(13, 'receiver', 'com.maker.plain.Run', 'run_commands', 'La;->b', printf('%032x', 900));
