-- fires
INSERT INTO dialer_code(package_id, code, class, fact_id) VALUES(10, '983', 'com.maker.tool.Code', printf('%032x', 900));
-- quiet: plain AOSP's
INSERT INTO dialer_code(package_id, code, class, fact_id) VALUES(12, '225', 'com.android.phone.C', printf('%032x', 900));
