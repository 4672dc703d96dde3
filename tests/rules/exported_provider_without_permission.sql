-- fires
INSERT INTO component(package_id, kind, class, exported, enabled, authorities, fact_id) VALUES(13, 'provider', 'com.maker.plain.P', 1, 1, 'com.maker.info', printf('%032x', 900));
-- quiet: both directions are guarded
INSERT INTO component(package_id, kind, class, exported, enabled, authorities, read_permission, write_permission, fact_id) VALUES(13, 'provider', 'com.maker.plain.P', 1, 1, 'com.maker.info', 'a', 'b', printf('%032x', 900));
