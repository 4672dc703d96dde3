-- gives: info more
-- also: info more heavy.example
-- also: info less light.example
-- before
-- after
-- compared
INSERT INTO traffic_seen VALUES('host', 'heavy.example', 'volume', 3, 3, 3, 3, 1, 900, 90000, 20, printf('%032x', 901), printf('%032x', 902));
INSERT INTO traffic_seen VALUES('host', 'light.example', 'volume', 3, 3, 3, 3, 1, 900, 9, 20, printf('%032x', 903), printf('%032x', 904));
