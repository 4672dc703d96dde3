-- gives: high more
-- also: high more a user
-- also: low more a group list
-- also: info less b user
-- also: info less b group list
-- also: info less b set of capabilities
-- also: medium more c user
-- also: medium more c set of capabilities
-- also: medium other d program
-- also: low other d user
-- also: info less d start
-- before
INSERT INTO service(actor_id, build_id, name, executable, user, groups, capabilities, seclabel, disabled, fact_id) VALUES(61, 1, 'a', '/system/bin/x', 'shell', 'shell', NULL, 'u:r:helper:s0', 0, printf('%032x', 701));
INSERT INTO service(actor_id, build_id, name, executable, user, groups, capabilities, seclabel, disabled, fact_id) VALUES(62, 1, 'b', '/system/bin/x', 'root', 'root inet', NULL, 'u:r:helper:s0', 0, printf('%032x', 702));
INSERT INTO service(actor_id, build_id, name, executable, user, groups, capabilities, seclabel, disabled, fact_id) VALUES(63, 1, 'c', '/system/bin/x', 'shell', 'shell', 'CHOWN', 'u:r:helper:s0', 0, printf('%032x', 703));
INSERT INTO service(actor_id, build_id, name, executable, user, groups, capabilities, seclabel, disabled, fact_id) VALUES(64, 1, 'd', '/system/bin/x', 'shell', 'shell', NULL, 'u:r:helper:s0', 0, printf('%032x', 704));
-- after
INSERT INTO service(actor_id, build_id, name, executable, user, groups, capabilities, seclabel, disabled, fact_id) VALUES(61, 1, 'a', '/system/bin/x', 'root', 'shell inet', NULL, 'u:r:helper:s0', 0, printf('%032x', 701));
INSERT INTO service(actor_id, build_id, name, executable, user, groups, capabilities, seclabel, disabled, fact_id) VALUES(62, 1, 'b', '/system/bin/x', 'shell', 'root', 'CHOWN', 'u:r:helper:s0', 0, printf('%032x', 702));
INSERT INTO service(actor_id, build_id, name, executable, user, groups, capabilities, seclabel, disabled, fact_id) VALUES(63, 1, 'c', '/system/bin/x', 'system', 'shell', 'CHOWN SYS_ADMIN', 'u:r:helper:s0', 0, printf('%032x', 703));
INSERT INTO service(actor_id, build_id, name, executable, user, groups, capabilities, seclabel, disabled, fact_id) VALUES(64, 1, 'd', '/system/bin/y', 'nobody', 'shell', NULL, 'u:r:helper:s0', 1, printf('%032x', 704));
