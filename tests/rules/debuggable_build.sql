-- fires
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'prop', 'ro.debuggable', '1', printf('%032x', 900));
-- quiet: adb in a list is not the same as a word that holds it
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'prop', 'persist.sys.usb.config', 'mtp,adbx', printf('%032x', 900)), (1, 'prop', 'ro.adb.secure', '1', printf('%032x', 901)), (1, 'prop', 'ro.build.type', 'user', printf('%032x', 902));
