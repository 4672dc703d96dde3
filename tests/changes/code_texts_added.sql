-- gives: low other
-- before

-- after

-- compared
INSERT INTO code_change(app, what, old_class, new_class, method, value, only_here, mark, old_fact, new_fact) VALUES('com.maker.tool', 'string_added', 'a.B', 'a.B', 'm()V', '/system/bin/sh', 1, 'command', printf('%032x', 340), printf('%032x', 341));
