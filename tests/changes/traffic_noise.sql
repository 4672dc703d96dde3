-- gives: info other
-- before
-- after
-- compared
INSERT INTO traffic_seen VALUES('host', 'sometimes.example', 'noise', 1, 3, 2, 3, 1, 900, 900, 900, printf('%032x', 901), printf('%032x', 902));
