-- gives: info other
-- says: /system/lib/libk.so: all 20 functions are the same; constants, data or code outside of functions are not
-- not: /system/bin/logd
-- not: /system/bin/x
-- before
-- after
-- compared
INSERT INTO native_match(path, before_path, how, "equal", data, functions_old, functions_new, old_fact, new_fact) VALUES('/system/lib/libk.so', '/system/lib/libk.so', 'path', 'code', 'differs', 20, 20, printf('%032x', 401), printf('%032x', 402)),
 ('/system/bin/logd', '/system/bin/logd', 'path', 'differs', 'differs', 20, 21, printf('%032x', 401), printf('%032x', 402)), ('/system/bin/x', '/system/bin/x', 'path', 'code', 'equal', 20, 20, printf('%032x', 401), printf('%032x', 402));
