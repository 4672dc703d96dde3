-- fires
INSERT INTO service(actor_id, build_id, name, executable, user, fact_id) VALUES(21, 1, 'makerd', '/vendor/bin/makerd', 'root', printf('%032x', 900));
-- quiet: as a user of its own, and AOSP's
INSERT INTO service(actor_id, build_id, name, executable, user, fact_id) VALUES(21, 1, 'makerd', '/vendor/bin/makerd', 'makerd', printf('%032x', 900)), (20, 1, 'vold', '/system/bin/vold', 'root', printf('%032x', 901));
