-- fires
INSERT INTO permission_grant(package_id, permission, effective, protection, why, fact_id) VALUES(10, 'android.permission.INSTALL_PACKAGES', 'granted', 'signature|privileged', 'allow list', printf('%032x', 900));
-- quiet: asked for and denied; held with the system's own key
INSERT INTO permission_grant(package_id, permission, effective, protection, fact_id) VALUES(10, 'android.permission.INSTALL_PACKAGES', 'denied', 'signature|privileged', printf('%032x', 900)), (11, 'android.permission.INSTALL_PACKAGES', 'granted', 'signature|privileged', printf('%032x', 901));
