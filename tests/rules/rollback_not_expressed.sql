-- fires
UPDATE avb_check SET result = 'absent' WHERE what = 'rollback';
-- quiet: an unsigned copy behind an image always says 0
UPDATE avb_check SET result = 'absent' WHERE what = 'rollback';
UPDATE avb_check SET result = 'not_verifiable' WHERE what = 'signature';
