-- gives: medium more
-- also: medium more com.maker.plain 4636 com.maker.plain.A
-- also: medium more com.android.phone 4636 com.android.phone.Other
-- not: com.android.phone 4636 com.android.phone.C
-- before

-- after
INSERT INTO dialer_code(package_id, code, class, listens, fact_id) VALUES(13, '4636', 'com.maker.plain.A', 1, printf('%032x', 307));
INSERT INTO dialer_code(package_id, code, class, listens, fact_id) VALUES(12, '4636', 'com.android.phone.Other', 1, printf('%032x', 308));
