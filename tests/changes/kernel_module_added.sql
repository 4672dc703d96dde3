-- gives: medium more
-- before

-- after
INSERT INTO kernel_module(build_id, artifact_id, name, fact_id) VALUES(1, 20, 'helper', printf('%032x', 324));
