-- fires
INSERT INTO open_door(package_id, kind, entry, power, code, fact_id) VALUES(10, 'service', 'com.maker.tool.S', 'change_network', 'La;->b', printf('%032x', 900));
-- quiet: a power that this rule is not about
INSERT INTO open_door(package_id, kind, entry, power, code, fact_id) VALUES(10, 'service', 'com.maker.tool.S', 'use_network', 'La;->b', printf('%032x', 900));
