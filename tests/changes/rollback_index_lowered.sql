-- gives: high more
-- before

-- after

-- compared
INSERT INTO update_check(subject, what, before, after, result, detail, severity, old_fact, new_fact) VALUES
 ('vbmeta', 'rollback', '5', '4', 'failed', 'the index goes back', 'high', printf('%032x', 900), printf('%032x', 901));
