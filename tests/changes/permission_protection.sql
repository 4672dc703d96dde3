-- gives: high more
-- also: high more com.maker.GUARD
-- also: high more com.maker.B
-- also: info less com.maker.C
-- also: info less com.maker.D
-- also: info less com.maker.E
-- also: medium more com.maker.F
-- also: medium other com.maker.G
-- before
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.GUARD', 'signature', 'com.maker.tool', 0, printf('%032x', 303));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.B', 'dangerous', 'com.maker.tool', 0, printf('%032x', 304));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.C', 'normal', 'com.maker.tool', 0, printf('%032x', 305));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.D', 'normal', 'com.maker.tool', 0, printf('%032x', 306));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.E', 'signature|privileged', 'com.maker.tool', 0, printf('%032x', 307));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.F', 'signature', 'com.maker.tool', 0, printf('%032x', 308));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.G', 'signature|privileged', 'com.maker.tool', 0, printf('%032x', 309));
-- after
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.GUARD', 'normal', 'com.maker.tool', 0, printf('%032x', 303));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.B', 'normal', 'com.maker.tool', 0, printf('%032x', 304));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.C', 'dangerous', 'com.maker.tool', 0, printf('%032x', 305));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.D', 'internal|role', 'com.maker.tool', 0, printf('%032x', 306));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.E', 'signature', 'com.maker.tool', 0, printf('%032x', 307));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.F', 'signature|privileged', 'com.maker.tool', 0, printf('%032x', 308));
INSERT INTO permission_definition(build_id, permission, protection, package, assumed, fact_id) VALUES(1, 'com.maker.G', 'signature|installer', 'com.maker.tool', 0, printf('%032x', 309));
