-- fires
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(10, 'service', 'com.maker.tool.S', 1, 1, 'com.maker.permission.OPEN', printf('%032x', 900));
-- quiet: a guard of level signature; one of the platform that the image's own tables do not hold
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(10, 'service', 'com.maker.tool.S', 1, 1, 'com.maker.permission.GUARD', printf('%032x', 900)), (10, 'service', 'com.maker.tool.T', 1, 1, 'android.permission.DUMP', printf('%032x', 901));
