-- gives: high more
-- before

-- after
UPDATE package SET debuggable = 1 WHERE package_id = 13;
