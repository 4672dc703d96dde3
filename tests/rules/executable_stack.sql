-- fires
INSERT INTO native_library(artifact_id, type, nx_stack, fact_id) VALUES(21, 'program', 0, printf('%032x', 900));
-- quiet: a kernel module says nothing
INSERT INTO native_library(artifact_id, type, nx_stack, fact_id) VALUES(21, 'module', NULL, printf('%032x', 900));
