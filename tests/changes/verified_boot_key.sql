-- gives: high more
-- before

-- after

-- compared
INSERT INTO update_check(subject, what, before, after, result, detail, severity, old_fact, new_fact) VALUES
 ('vbmeta', 'avb_key', 'aa', 'bb', 'failed', 'the structure has another key', 'high', printf('%032x', 900), printf('%032x', 901));
