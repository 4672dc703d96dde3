-- gives: medium more
-- before

-- after
INSERT INTO intent_filter(package_id, component_kind, class, actions, priority, fact_id) VALUES(13, 'receiver', 'com.maker.plain.R', 'android.provider.Telephony.SMS_RECEIVED', 999, printf('%032x', 306));
