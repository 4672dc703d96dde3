-- fires
INSERT INTO open_door(package_id, kind, entry, power, code, fact_id) VALUES(10, 'service', 'com.maker.tool.S', 'install_silently', 'La;->b', printf('%032x', 900));
-- quiet: guarded
INSERT INTO open_door(package_id, kind, entry, power, code, guard, fact_id) VALUES(10, 'service', 'com.maker.tool.S', 'install_silently', 'La;->b', 'x', printf('%032x', 900));
