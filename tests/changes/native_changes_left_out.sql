-- gives: low other
-- also: low other /system/lib/libx.so import_added
-- also: info other /system/lib/libx.so string_removed
-- says: /system/lib/libx.so: 7 more of import added than there is room for
-- before
-- after
-- compared
INSERT INTO native_change(path, what, name, after, old_fact, new_fact) VALUES('/system/lib/libx.so', 'left_out', 'import_added', '7', printf('%032x', 401), printf('%032x', 402)), ('/system/lib/libx.so', 'left_out', 'string_removed', '9', printf('%032x', 401), printf('%032x', 402));
