-- fires
INSERT INTO intent_filter(package_id, component_kind, class, actions, priority, fact_id) VALUES(10, 'receiver', 'com.maker.tool.R', 'android.provider.Telephony.SMS_RECEIVED', 2147483647, printf('%032x', 900));
INSERT INTO permission_grant(package_id, permission, effective, fact_id) VALUES(10, 'android.permission.RECEIVE_SMS', 'granted', printf('%032x', 901));
-- quiet: without the right
INSERT INTO intent_filter(package_id, component_kind, class, actions, priority, fact_id) VALUES(10, 'receiver', 'com.maker.tool.R', 'android.provider.Telephony.SMS_RECEIVED', 2147483647, printf('%032x', 900));
INSERT INTO permission_grant(package_id, permission, effective, fact_id) VALUES(10, 'android.permission.RECEIVE_SMS', 'denied', printf('%032x', 901));
