-- gives: low more
-- before
-- after
-- compared
INSERT INTO native_change(path, what, name, before, after, called_from, mark, detail, old_fact, new_fact) VALUES('/system/bin/logd', 'import_added', 'dlopen', NULL, 'dlopen', 'log_line', 'load_code', NULL, printf('%032x', 401), printf('%032x', 402)), ('/system/bin/logd', 'import_added', 'strlen', NULL, 'strlen', NULL, NULL, NULL, printf('%032x', 401), printf('%032x', 402));
