-- gives: low more
-- before

-- after
INSERT INTO permission_grant(package_id, permission, requested, effective, protection, why, fact_id) VALUES(13, 'android.permission.READ_SMS', 1, 'on_request', 'dangerous', 'asks', printf('%032x', 302));
