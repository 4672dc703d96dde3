-- gives: high more
-- also: medium more com.maker.plain traffic without encryption
-- before
UPDATE package SET debuggable = 0, cleartext = 0 WHERE package_id = 13;
-- after
UPDATE package SET debuggable = 1, cleartext = 1 WHERE package_id = 13;
