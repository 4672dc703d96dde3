-- gives: critical more
-- before
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.debuggable', '0', printf('%032x', 323));
-- after
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.debuggable', '1', printf('%032x', 323));
