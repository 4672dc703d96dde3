-- gives: critical more
-- also: medium more product
-- not: system
-- before

-- after

-- compared
INSERT INTO update_check(subject, what, before, after, result, detail, severity, old_fact, new_fact) VALUES
 ('vbmeta', 'avb_flags', '0', 'the structure switches verification off', 'failed', 'verification is switched off now', 'critical', printf('%032x', 900), printf('%032x', 901)),
 ('product', 'avb_coverage', 'covered: 90 of 100 bytes', 'covered: 70 of 100 bytes', 'failed', 'verified boot covers a smaller share of the partition than it did; padding counts as not covered', 'medium', printf('%032x', 900), printf('%032x', 901)),
 ('system', 'avb_flags', '2', '2', 'failed', 'verification is switched off in both builds', 'medium', printf('%032x', 900), printf('%032x', 901));
