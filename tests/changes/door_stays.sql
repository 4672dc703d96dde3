-- gives: info other
-- before
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 1, 1, NULL, printf('%032x', 305));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'service', 'com.maker.agent.S', 1, 1, NULL, printf('%032x', 306));
-- after
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 0, 1, NULL, printf('%032x', 305));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'service', 'com.maker.agent.S', 1, 1, NULL, printf('%032x', 306));
