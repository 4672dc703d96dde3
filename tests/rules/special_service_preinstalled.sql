-- fires
INSERT INTO component(package_id, kind, class, permission, fact_id) VALUES(13, 'service', 'com.maker.plain.Eyes', 'android.permission.BIND_ACCESSIBILITY_SERVICE', printf('%032x', 900));
-- quiet: installed by the owner
UPDATE package SET partition = 'data' WHERE package_id = 13;
INSERT INTO component(package_id, kind, class, permission, fact_id) VALUES(13, 'service', 'com.maker.plain.Eyes', 'android.permission.BIND_ACCESSIBILITY_SERVICE', printf('%032x', 900));
