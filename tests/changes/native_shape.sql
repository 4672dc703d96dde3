-- gives: medium more
-- before
-- after
-- compared
INSERT INTO native_change(path, what, name, before, after, called_from, mark, detail, old_fact, new_fact) VALUES('/system/lib/libx.so', 'writable_code', 'segment', 'no', 'yes', NULL, NULL, NULL, printf('%032x', 401), printf('%032x', 402));
