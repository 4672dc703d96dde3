-- fires
UPDATE package SET backup = 1 WHERE package_id = 10;
INSERT INTO permission_grant(package_id, permission, effective, fact_id) VALUES(10, 'android.permission.READ_SMS', 'granted', printf('%032x', 900));
-- quiet: nothing said
INSERT INTO permission_grant(package_id, permission, effective, fact_id) VALUES(10, 'android.permission.READ_SMS', 'granted', printf('%032x', 900));
