-- gives: high more
-- before
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.GUARD', 'signature', 'com.maker.tool', 0, printf('%032x', 303));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 1, 1, 'com.maker.GUARD', printf('%032x', 305));
-- after
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.GUARD', 'signature', 'com.maker.tool', 0, printf('%032x', 303));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 1, 1, 'com.maker.OTHER', printf('%032x', 305));
