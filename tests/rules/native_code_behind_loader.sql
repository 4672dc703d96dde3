-- fires
INSERT INTO dynamic_code(artifact_id, kind, what, fact_id) VALUES(10, 'dex', NULL, printf('%032x', 900));
-- quiet: reflection alone, and an app without rights of the system
INSERT INTO dynamic_code(artifact_id, kind, what, fact_id) VALUES(10, 'reflection', NULL, printf('%032x', 900)), (13, 'dex', NULL, printf('%032x', 901));
