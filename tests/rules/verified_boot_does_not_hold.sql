-- fires
UPDATE avb_check SET result = 'failed', detail = 'the image has another digest' WHERE what = 'hashtree';
INSERT INTO apex_check(build_id, artifact_id, module, what, result, fact_id) VALUES(1, 10, 'm', 'key', 'failed', printf('%032x', 905));
-- quiet: parts that are not here, and a switch that another rule tells
UPDATE avb_check SET result = 'absent' WHERE what = 'hashtree';
UPDATE avb_check SET result = 'failed' WHERE what = 'flags';
