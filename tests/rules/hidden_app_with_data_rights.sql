-- fires
INSERT INTO permission_grant(package_id, permission, effective, fact_id) VALUES(10, 'android.permission.READ_SMS', 'granted', printf('%032x', 900)), (10, 'android.permission.READ_CONTACTS', 'pregranted', printf('%032x', 901));
-- quiet: an app with an icon
INSERT INTO permission_grant(package_id, permission, effective, fact_id) VALUES(13, 'android.permission.READ_SMS', 'granted', printf('%032x', 900)), (13, 'android.permission.READ_CONTACTS', 'pregranted', printf('%032x', 901));
