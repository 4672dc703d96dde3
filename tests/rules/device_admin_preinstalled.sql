-- fires
INSERT INTO component(package_id, kind, class, permission, fact_id) VALUES(13, 'receiver', 'com.maker.plain.Admin', 'android.permission.BIND_DEVICE_ADMIN', printf('%032x', 900));
-- quiet: a service with that permission is no administrator
INSERT INTO component(package_id, kind, class, permission, fact_id) VALUES(13, 'service', 'com.maker.plain.Admin', 'android.permission.BIND_DEVICE_ADMIN', printf('%032x', 900));
