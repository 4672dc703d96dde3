-- gives: critical more
-- also: critical more boot argument androidboot.selinux
-- also: medium more su
-- also: medium more verified boot
-- also: high more persist.sys.usb.config
-- also: critical more ro.secure
-- also: info less recovery persist.sys.usb.config
-- also: info less adb keys
-- also: info less boot argument enforcing
-- also: info less ro.build.type
-- also: info less verified boot key
-- also: low other ro.setupwizard.mode
-- also: low other ro.adb.secure
-- also: info other ro.allow.mock.location
-- before
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.debuggable', '0', printf('%032x', 500));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'persist.sys.usb.config', 'mtp', printf('%032x', 501));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'recovery persist.sys.usb.config', 'mtp,adb', printf('%032x', 502));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'adb keys', '/adb_keys', printf('%032x', 503));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'boot argument enforcing', '0', printf('%032x', 504));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.build.type', 'userdebug', printf('%032x', 505));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'verified boot key', 'aosp-testkey', printf('%032x', 506));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'verified boot key', 'aosp-other', printf('%032x', 507));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.setupwizard.mode', 'DISABLED', printf('%032x', 508));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'su', '/system/xbin/su', printf('%032x', 509));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'verified boot', 'hash trees are not enforced', printf('%032x', 510));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.adb.secure', '0', printf('%032x', 511));
-- after
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.debuggable', '1', printf('%032x', 520));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'persist.sys.usb.config', 'mtp,adb', printf('%032x', 521));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'recovery persist.sys.usb.config', 'mtp', printf('%032x', 522));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'boot argument enforcing', '1', printf('%032x', 523));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'boot argument androidboot.selinux', 'permissive', printf('%032x', 524));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.build.type', 'user', printf('%032x', 525));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'verified boot key', 'aosp-testkey', printf('%032x', 526));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.setupwizard.mode', 'OPTIONAL', printf('%032x', 527));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'su', '/system/bin/su', printf('%032x', 528));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'verified boot', 'hash trees are not enforced', printf('%032x', 529));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'verified boot', 'nothing is verified', printf('%032x', 530));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.secure', '0', printf('%032x', 531));
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'flag', 'ro.allow.mock.location', '0', printf('%032x', 532));
