-- gives: info more
-- before
-- after
-- compared
INSERT INTO native_change(path, what, name, before, after, called_from, mark, detail, old_fact, new_fact) VALUES('/system/bin/logd', 'string_added', 'su -c id', NULL, 'su -c id', 'log_line', NULL, 'command', printf('%032x', 401), printf('%032x', 402)), ('/system/bin/logd', 'string_added', 'hello', NULL, 'hello', 'log_line', NULL, 'text', printf('%032x', 401), printf('%032x', 402));
