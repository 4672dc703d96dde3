-- fires
INSERT INTO update_step(build_id, artifact_id, position, what, function, source, detail, fact_id) VALUES(1, 1, 10, 'run', 'run_program', '/tmp/install.sh', 'run_program("/tmp/install.sh")', printf('%032x', 900));
-- quiet: a file is written, and a function of the maker is called
INSERT INTO update_step(build_id, artifact_id, position, what, function, source, target, detail, fact_id) VALUES(1, 1, 10, 'write', 'package_extract_file', 'install.sh', '/tmp/install.sh', '', printf('%032x', 900)), (1, 1, 20, 'maker', 'maker.show', NULL, NULL, '', printf('%032x', 901));
