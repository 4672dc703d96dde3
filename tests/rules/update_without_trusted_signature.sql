-- fires
UPDATE update_signature SET result = 'failed' WHERE place = 'payload';
INSERT INTO update_signature(build_id, artifact_id, place, n, result, detail, fact_id) VALUES(1, 1, 'whole_file', 0, 'failed', 'recovery takes another digest with this key', printf('%032x', 907));
-- quiet: of two signatures one is enough
UPDATE update_signature SET result = 'failed' WHERE place = 'payload';
INSERT INTO update_signature(build_id, artifact_id, place, n, result, fact_id) VALUES(1, 1, 'payload', 1, 'verified', printf('%032x', 908));
