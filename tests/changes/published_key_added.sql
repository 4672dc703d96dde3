-- gives: critical more
-- before

-- after

-- compared
INSERT INTO update_check(subject, what, before, after, result, detail, severity, old_fact, new_fact) VALUES
 ('ota', 'test_key', 'another', 'public', 'failed', 'a published test key that the old build did not have there', 'critical', printf('%032x', 900), printf('%032x', 901)),
 ('apk', 'test_key', 'public', 'public', 'failed', 'a published test key in both builds', 'medium', printf('%032x', 900), printf('%032x', 901));
