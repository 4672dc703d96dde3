-- fires
UPDATE package SET target_sdk = 22 WHERE package_id = 13;
INSERT INTO permission_grant(package_id, permission, effective, protection, fact_id) VALUES(13, 'android.permission.READ_SMS', 'granted', 'dangerous', printf('%032x', 900));
-- quiet: a new target
INSERT INTO permission_grant(package_id, permission, effective, protection, fact_id) VALUES(13, 'android.permission.READ_SMS', 'granted', 'dangerous', printf('%032x', 900));
