-- gives: high more
-- before

-- after
UPDATE build SET security_patch = '2018-01-01';
