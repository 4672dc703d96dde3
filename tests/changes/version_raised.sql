-- gives: info other
-- before
UPDATE package SET version_code = 8 WHERE package_id = 13;
-- after
UPDATE package SET version_code = 9 WHERE package_id = 13;
