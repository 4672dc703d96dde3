-- fires
INSERT INTO ca_missing(build_id, sha256, subject, fact_id) VALUES(1, 'cc', 'CN=Gone', printf('%032x', 900));
-- quiet: none is missing
UPDATE build SET label = 'one';
