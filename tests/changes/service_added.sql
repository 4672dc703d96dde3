-- gives: high more
-- before

-- after
INSERT INTO service(actor_id, build_id, name, executable, user, seclabel, disabled, fact_id) VALUES(22, 1, 'helperd', '/system/bin/helperd', 'root', 'u:r:helper:s0', 0, printf('%032x', 316));
