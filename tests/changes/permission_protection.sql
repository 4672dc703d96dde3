-- gives: high more
-- before
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.GUARD', 'signature', 'com.maker.tool', 0, printf('%032x', 303));
-- after
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.GUARD', 'normal', 'com.maker.tool', 0, printf('%032x', 303));
