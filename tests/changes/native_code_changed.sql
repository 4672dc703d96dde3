-- gives: info other
-- says: /system/bin/logd: 1 of 20 functions changed, 1 new, 0 gone; its data differ too
-- before
-- after
-- compared
INSERT INTO native_match(path, before_path, how, "equal", data, functions_old, functions_new, same, changed, added, removed, old_fact, new_fact) VALUES('/system/bin/logd', '/system/bin/logd', 'path', 'differs', 'differs', 20, 21, 19, 1, 1, 0, printf('%032x', 401), printf('%032x', 402)), ('/system/bin/x', '/system/bin/x', 'path', 'code', 'equal', 20, 20, 20, 0, 0, 0, printf('%032x', 401), printf('%032x', 402));
