-- gives: medium more
-- also: info other /system/lib/libx.so other
-- not: /system/lib/libx.so late
-- before
-- after
-- compared
INSERT INTO native_change(path, what, name, before, after, called_from, mark, detail, old_fact, new_fact) VALUES('/system/lib/libx.so', 'init_added', 'early', NULL, 'init_array', NULL, 'network', 'uses socket', printf('%032x', 401), printf('%032x', 402)), ('/system/lib/libx.so', 'init_added', 'late', NULL, 'fini_array', NULL, NULL, NULL, printf('%032x', 401), printf('%032x', 402)),
 ('/system/lib/libx.so', 'init_changed', 'other', 'gone', 'init_array', NULL, NULL, NULL, printf('%032x', 401), printf('%032x', 402));
