-- fires
INSERT INTO permission_grant(package_id, permission, effective, protection, fact_id) VALUES(13, 'android.permission.READ_SMS', 'pregranted', 'dangerous', printf('%032x', 900));
-- quiet: asked on request; and the phone app of AOSP
INSERT INTO permission_grant(package_id, permission, effective, protection, fact_id) VALUES(13, 'android.permission.READ_SMS', 'on_request', 'dangerous', printf('%032x', 900)), (12, 'android.permission.READ_SMS', 'pregranted', 'dangerous', printf('%032x', 901));
