-- gives: medium more
-- before

-- after
UPDATE package SET privileged = 1 WHERE package_id = 13;
