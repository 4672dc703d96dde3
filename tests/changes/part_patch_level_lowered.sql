-- gives: high more
-- before

-- after

-- compared
INSERT INTO update_check(subject, what, before, after, result, detail, severity, old_fact, new_fact) VALUES
 ('vbmeta com.android.build.boot.security_patch', 'patch_level', '2023-05-05', '2023-04-05', 'failed', 'the patch level goes back', 'high', printf('%032x', 900), printf('%032x', 901));
