-- gives: medium more
-- also: low more quiet.example
-- not: same.example
-- before
-- after
-- compared
INSERT INTO traffic_seen VALUES('host', 'loud.example', 'new', 0, 3, 3, 3, 1, 0, 900, 50, NULL, printf('%032x', 901));
INSERT INTO traffic_seen VALUES('clear', 'loud.example', 'new', 0, 3, 3, 3, 1, 0, 900, 50, NULL, printf('%032x', 902));
INSERT INTO traffic_seen VALUES('host', 'quiet.example', 'new', 0, 3, 4, 4, 1, 0, 10, 50, NULL, printf('%032x', 903));
INSERT INTO traffic_seen VALUES('host', 'same.example', 'same', 3, 3, 4, 4, 1, 10, 10, 900, printf('%032x', 904), printf('%032x', 905));
