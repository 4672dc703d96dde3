-- gives: medium more
-- before

-- after
UPDATE signature SET verdict = 'rejected' WHERE package_id = 12;
