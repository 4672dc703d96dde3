-- gives: medium more
-- before

-- after
INSERT INTO permission_grant(package_id, permission, requested, effective, protection, why, fact_id) VALUES(10, 'android.permission.INSTALL_PACKAGES', 1, 'granted', 'signature|privileged', 'by its list', printf('%032x', 302));
