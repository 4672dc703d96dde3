-- fires
INSERT INTO update_step(build_id, artifact_id, position, what, function, target, mode, detail, fact_id) VALUES(1, 1, 10, 'attribute', 'set_metadata', '/system/xbin/su', '06755', '', printf('%032x', 900));
INSERT INTO update_step(build_id, artifact_id, position, what, function, target, mode, capabilities, detail, fact_id) VALUES(1, 1, 20, 'attribute', 'set_metadata', '/system/bin/tool', '0755', 'net_admin', '', printf('%032x', 901));
-- quiet: plain modes, and a sticky folder
INSERT INTO update_step(build_id, artifact_id, position, what, function, target, mode, detail, fact_id) VALUES(1, 1, 10, 'attribute', 'set_metadata', '/system/bin/sh', '0755', '', printf('%032x', 900)), (1, 1, 20, 'attribute', 'set_metadata', '/data/tmp', '01777', '', printf('%032x', 901));
