-- fires
INSERT INTO open_door(package_id, kind, entry, power, code, fact_id) VALUES(10, 'provider', 'com.maker.tool.P', 'read_messages', 'La;->b', printf('%032x', 900));
-- quiet: the code asks who called
INSERT INTO open_door(package_id, kind, entry, power, code, guard, fact_id) VALUES(10, 'provider', 'com.maker.tool.P', 'read_messages', 'La;->b', 'checkCallingPermission', printf('%032x', 900));
