-- fires
INSERT INTO permission_definition(build_id, permission, protection, package, fact_id) VALUES(1, 'android.permission.MAKER_READ', 'normal', 'com.maker.tool', printf('%032x', 900));
-- quiet: the platform itself, and an app of AOSP
INSERT INTO permission_definition(build_id, permission, protection, package, fact_id) VALUES(1, 'android.permission.DUMP', 'signature', 'android', printf('%032x', 900)), (1, 'android.permission.PHONE_X', 'signature', 'com.android.phone', printf('%032x', 901));
