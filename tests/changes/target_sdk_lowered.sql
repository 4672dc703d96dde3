-- gives: low more
-- before

-- after
UPDATE package SET target_sdk = 21 WHERE package_id = 13;
