-- fires
UPDATE package SET debuggable = 1 WHERE package_id = 13;
-- quiet: said and off
UPDATE package SET debuggable = 0 WHERE package_id = 13;
