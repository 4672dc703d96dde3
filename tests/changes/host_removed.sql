-- gives: info less
-- before
INSERT INTO endpoint(build_id, actor_id, artifact_id, scheme, host, how, use, local, fact_id) VALUES(1, 10, 10, 'https', 'collect.invalid', 'literal', 'dex', 0, printf('%032x', 313));
-- after

