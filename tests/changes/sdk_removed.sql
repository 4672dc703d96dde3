-- gives: info less
-- before
INSERT INTO sdk(build_id, actor_id, artifact_id, name, owner, country, how, fact_id) VALUES(1, 10, 10, 'Tracker', 'Owner', 'NL', 'name', printf('%032x', 314));
-- after

