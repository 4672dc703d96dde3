-- fires
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'preload', 'com.shop.app', 'IN', printf('%032x', 900));
-- quiet: another scope
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'role', 'com.shop.app', 'x', printf('%032x', 900));
