-- gives: medium more
-- before

-- after
INSERT INTO dialer_code(package_id, code, class, listens, fact_id) VALUES(13, '4636', 'com.maker.plain.A', 1, printf('%032x', 307));
