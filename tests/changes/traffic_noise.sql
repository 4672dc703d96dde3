-- gives: info other
-- says: 1 hosts are in some captures of a side and not in all of it: no change is read from them
-- before
-- after
-- compared
INSERT INTO traffic_seen VALUES('host', 'sometimes.example', 'noise', 1, 3, 2, 3, 1, 900, 900, 900, printf('%032x', 901), printf('%032x', 902));
INSERT INTO traffic_seen VALUES('host', 'as-often.example', 'noise', 1, 3, 2, 6, 1, 900, 900, 900, printf('%032x', 903), printf('%032x', 904));
