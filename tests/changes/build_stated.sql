-- gives: low other
-- before

-- after
UPDATE build SET model = 'M2';
