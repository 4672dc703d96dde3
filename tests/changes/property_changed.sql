-- gives: info other
-- before
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'prop', 'ro.build.id', '1', printf('%032x', 323));
-- after
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'prop', 'ro.build.id', '2', printf('%032x', 323));
