-- gives: medium more
-- before

-- after
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'hosts', 'bank.invalid', '192.0.2.1', printf('%032x', 323));
