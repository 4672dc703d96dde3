-- gives: high more
-- before

-- after
UPDATE package SET shared_uid = 'android.uid.system' WHERE package_id = 13;
