-- gives: high more
-- before
-- after
-- compared
INSERT INTO native_change(path, what, name, before, after, called_from, mark, detail, old_fact, new_fact) VALUES('/system/lib64/libandroid_runtime.so', 'function_added', 'sub_1234', NULL, '40 instructions', 'log_line', 'load_code', 'uses dlopen', printf('%032x', 401), printf('%032x', 402));
-- What nothing calls is no change of its own.
INSERT INTO native_change(path, what, name, before, after, called_from, mark, detail, old_fact, new_fact) VALUES('/system/lib64/libandroid_runtime.so', 'function_added', 'sub_2234', NULL, '40 instructions', NULL, 'load_code', 'uses dlopen', printf('%032x', 401), printf('%032x', 402));
