-- fires
INSERT INTO update_post_install(build_id, artifact_id, "partition", program, runs, optional, fact_id) VALUES(1, 1, 'system', 'bin/after', 1, 0, printf('%032x', 900));
-- quiet: a path without the order to run it
INSERT INTO update_post_install(build_id, artifact_id, "partition", program, runs, optional, fact_id) VALUES(1, 1, 'system', 'bin/after', 0, 0, printf('%032x', 900));
