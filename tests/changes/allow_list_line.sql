-- gives: medium more
-- before

-- after
INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'privapp', 'com.maker.tool', 'allow android.permission.INSTALL_PACKAGES', printf('%032x', 323));
