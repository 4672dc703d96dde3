-- fires
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'prop', 'net.dns1', '192.0.2.53', printf('%032x', 900));
-- quiet: the last resort of old versions, and an empty one
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'prop', 'net.dns1', '8.8.8.8', printf('%032x', 900)), (1, 'prop', 'net.dns2', '', printf('%032x', 901));
