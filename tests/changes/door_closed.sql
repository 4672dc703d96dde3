-- gives: info less
-- before
INSERT INTO open_door(package_id, kind, entry, power, code, fixed, guard, way, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 'run_commands', 'a calls exec', 0, NULL, 'R → a', printf('%032x', 304));
-- after

