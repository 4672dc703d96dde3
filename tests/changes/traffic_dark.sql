-- gives: info other
-- says: What went out and could not be seen into: before 10% of the bytes, 2 of 10 connections (tls 2); now 60% of the bytes, 6 of 9 connections (quic 4, tls 2)
-- before
-- after
-- compared
INSERT INTO traffic_dark VALUES('all', 'more', 10, 2, 1000, 100, 9, 6, 2000, 1200, NULL, printf('%032x', 901), printf('%032x', 902));
INSERT INTO traffic_dark VALUES('quic', 'more', 10, 0, 1000, 0, 9, 4, 2000, 1000, NULL, printf('%032x', 903), printf('%032x', 904));
INSERT INTO traffic_dark VALUES('tls', 'same', 10, 2, 1000, 100, 9, 2, 2000, 200, NULL, printf('%032x', 905), printf('%032x', 906));
