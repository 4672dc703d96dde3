-- fires
UPDATE avb_check SET result = 'absent' WHERE what = 'rollback';
-- quiet: an unsigned copy behind an image always says 0, also where another build signs the structure of that name
UPDATE avb_check SET result = 'absent' WHERE what = 'rollback';
UPDATE avb_check SET result = 'not_verifiable' WHERE what = 'signature';
INSERT INTO avb_check(build_id, structure, n, what, partition, result, enforced, fact_id) VALUES(2, 'vbmeta.img', -1, 'signature', 'vbmeta', 'verified', 1, printf('%032x', 951)),
 (2, 'vbmeta.img', -1, 'rollback', 'vbmeta', 'stated', 1, printf('%032x', 952));
