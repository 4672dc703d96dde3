-- fires
UPDATE package SET cleartext = 1 WHERE package_id = 10;
INSERT INTO endpoint(build_id, actor_id, artifact_id, scheme, host, how, "use", fact_id) VALUES(1, 10, 10, 'http', 'logs.maker.example', 'literal', 'dex', printf('%032x', 900));
-- quiet: a name space, and an app that may not send in clear
INSERT INTO endpoint(build_id, actor_id, artifact_id, scheme, host, how, "use", fact_id) VALUES(1, 11, 11, 'http', 'schemas.android.com', 'literal', 'dex', printf('%032x', 900)), (1, 10, 10, 'http', 'logs.maker.example', 'literal', 'dex', printf('%032x', 901));
UPDATE package SET cleartext = 0 WHERE package_id = 10;
