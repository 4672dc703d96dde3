-- fires
INSERT INTO update_metadata(build_id, artifact_id, "key", value, fact_id) VALUES(1, 1, 'ota-downgrade', 'yes', printf('%032x', 900));
-- quiet: said to be none
INSERT INTO update_metadata(build_id, artifact_id, "key", value, fact_id) VALUES(1, 1, 'ota-downgrade', 'no', printf('%032x', 900));
