-- gives: high more
-- before
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 1, 1, 'com.maker.GUARD', printf('%032x', 305));
-- after
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 1, 1, NULL, printf('%032x', 305));
