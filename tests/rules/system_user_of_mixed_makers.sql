-- fires
UPDATE package SET shared_uid = 'android.uid.system' WHERE package_id = 13;
UPDATE package SET name = 'com.contractor.update' WHERE package_id = 13;
-- quiet: two of one maker
UPDATE package SET shared_uid = 'android.uid.system' WHERE package_id = 13;
