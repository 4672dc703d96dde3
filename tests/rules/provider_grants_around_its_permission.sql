-- fires
INSERT INTO component(package_id, kind, class, exported, enabled, grant_uri, fact_id) VALUES(10, 'provider', 'com.maker.tool.P', 1, 1, 1, printf('%032x', 900));
-- quiet: with a permission
INSERT INTO component(package_id, kind, class, exported, enabled, grant_uri, read_permission, fact_id) VALUES(10, 'provider', 'com.maker.tool.P', 1, 1, 1, 'a', printf('%032x', 900));
