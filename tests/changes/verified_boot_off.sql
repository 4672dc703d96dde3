-- gives: critical more
-- before

-- after

-- compared
INSERT INTO update_check(subject, what, before, after, result, detail, severity, old_fact, new_fact) VALUES
 ('vbmeta', 'avb_flags', '0', 'the structure switches verification off', 'failed', 'verification is switched off now', 'critical', printf('%032x', 900), printf('%032x', 901)),
 ('system', 'avb_flags', '2', '2', 'failed', 'verification is switched off in both builds', 'medium', printf('%032x', 900), printf('%032x', 901));
