-- gives: medium more
-- before

-- after
INSERT INTO lineage VALUES(13, 13, 'old', 0, printf('%032x', 301));
