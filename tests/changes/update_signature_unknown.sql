-- gives: critical more
-- before

-- after

-- compared
INSERT INTO update_check(subject, what, before, after, result, detail, severity, old_fact, new_fact) VALUES
 ('update.zip whole_file', 'update_signature', NULL, 'signed', 'failed', 'no key that the old build trusts signed it', 'critical', NULL, printf('%032x', 901)),
 ('payload.bin metadata', 'update_signature', 'key', 'signed', 'verified', 'a key that the old build trusts signed it, which does not make it safe', 'info', printf('%032x', 900), printf('%032x', 901));
