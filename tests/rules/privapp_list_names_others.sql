-- fires
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'privapp', 'com.maker.tool', 'android.permission.REBOOT', printf('%032x', 900));
-- quiet: a package of AOSP
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'privapp', 'com.android.phone', 'android.permission.REBOOT', printf('%032x', 900));
