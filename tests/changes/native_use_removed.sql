-- gives: info less
-- before
-- after
-- compared
INSERT INTO native_change(path, what, name, before, after, called_from, mark, detail, old_fact, new_fact) VALUES('/system/bin/logd', 'import_removed', 'system', 'system', NULL, NULL, 'run_commands', NULL, printf('%032x', 401), printf('%032x', 402));
