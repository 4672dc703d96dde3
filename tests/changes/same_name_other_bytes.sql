-- gives: medium more
-- before
UPDATE build SET fingerprint = 'one', digest = 'a';
UPDATE artifact SET sha256 = 'a' WHERE artifact_id = 20;
-- after
UPDATE build SET fingerprint = 'one', digest = 'b';
UPDATE artifact SET sha256 = 'b' WHERE artifact_id = 20;
