-- gives: info less
-- also: info less gone.example
-- before
-- after
-- compared
INSERT INTO traffic_seen VALUES('host', 'gone.example', 'gone', 1, 1, 0, 1, 0, 900, 0, NULL, printf('%032x', 901), NULL);
