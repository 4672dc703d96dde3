-- gives: info other
-- says: 2 kinds of identifiers were looked for on one side only: no change is read from them
-- before
-- after
-- compared
INSERT INTO traffic_sought VALUES('email', NULL, 2, printf('%032x', 901), printf('%032x', 902));
INSERT INTO traffic_sought VALUES('imei', 1, NULL, printf('%032x', 903), printf('%032x', 904));
INSERT INTO traffic_sought VALUES('mac', 1, 1, printf('%032x', 905), printf('%032x', 906));
