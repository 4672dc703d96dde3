-- gives: info other
-- before
-- after
-- compared
INSERT INTO native_match(path, before_path, how, "equal", functions_old, functions_new, same, changed, added, removed, old_fact, new_fact) VALUES('/system/bin/logd', '/system/bin/logd', 'path', 'unread', 20, 21, NULL, NULL, NULL, NULL, printf('%032x', 401), printf('%032x', 402));
