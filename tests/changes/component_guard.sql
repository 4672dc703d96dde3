-- gives: high more
-- also: high more com.maker.agent com.maker.agent.R
-- also: high more com.maker.agent com.maker.agent.P
-- also: medium more com.maker.agent com.maker.agent.Q
-- also: info other com.maker.agent com.maker.agent.U
-- also: info less com.maker.agent com.maker.agent.L
-- not: com.maker.agent com.maker.agent.Same
-- before
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.GUARD', 'signature', 'com.maker.tool', 0, printf('%032x', 303));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.OPEN', 'normal', 'com.maker.tool', 0, printf('%032x', 304));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.ASK', 'dangerous', 'com.maker.tool', 0, printf('%032x', 305));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 1, 1, 'com.maker.GUARD', NULL, NULL, printf('%032x', 405));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'provider', 'com.maker.agent.P', 1, 1, 'com.maker.GUARD', 'com.maker.GUARD', 'com.maker.GUARD', printf('%032x', 406));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'provider', 'com.maker.agent.Q', 1, 1, 'com.maker.ASK', NULL, NULL, printf('%032x', 407));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'service', 'com.maker.agent.U', 1, 1, 'com.maker.UNKNOWN', NULL, NULL, printf('%032x', 408));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'service', 'com.maker.agent.L', 1, 1, 'com.maker.OPEN', NULL, NULL, printf('%032x', 409));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'provider', 'com.maker.agent.Same', 1, 1, 'com.maker.GUARD', NULL, NULL, printf('%032x', 410));
-- after
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.GUARD', 'signature', 'com.maker.tool', 0, printf('%032x', 303));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.OPEN', 'normal', 'com.maker.tool', 0, printf('%032x', 304));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.ASK', 'dangerous', 'com.maker.tool', 0, printf('%032x', 305));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 1, 1, 'com.maker.OTHER', NULL, NULL, printf('%032x', 405));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'provider', 'com.maker.agent.P', 1, 1, 'com.maker.GUARD', 'com.maker.OPEN', 'com.maker.GUARD', printf('%032x', 406));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'provider', 'com.maker.agent.Q', 1, 1, 'com.maker.ASK', NULL, 'com.maker.OPEN', printf('%032x', 407));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'service', 'com.maker.agent.U', 1, 1, 'com.maker.GUARD', NULL, NULL, printf('%032x', 408));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'service', 'com.maker.agent.L', 1, 1, 'com.maker.GUARD', NULL, NULL, printf('%032x', 409));
INSERT INTO component(package_id, kind, class, exported, enabled, permission, read_permission, write_permission, fact_id) VALUES(11, 'provider', 'com.maker.agent.Same', 1, 1, NULL, 'com.maker.GUARD', 'com.maker.GUARD', printf('%032x', 410));
