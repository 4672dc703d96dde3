-- gives: info less
-- before
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 0, 1, NULL, printf('%032x', 305));
-- after

