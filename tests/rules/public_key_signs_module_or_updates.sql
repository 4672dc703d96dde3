-- fires
INSERT INTO artifact(artifact_id, build_id, path, device_path, kind, state, fact_id) VALUES(90, 1, 'in/x.apex', '/system/apex/x.apex', 'apex', 'read', printf('%032x', 901));
INSERT INTO signature(package_id, artifact_id, scheme, verdict, signer, fact_id) VALUES(NULL, 90, 'v3', 'verified', 'public', printf('%032x', 900));
-- quiet: with a key of the maker
INSERT INTO artifact(artifact_id, build_id, path, device_path, kind, state, fact_id) VALUES(90, 1, 'in/x.apex', '/system/apex/x.apex', 'apex', 'read', printf('%032x', 901));
INSERT INTO signature(package_id, artifact_id, scheme, verdict, signer, fact_id) VALUES(NULL, 90, 'v3', 'verified', 'own', printf('%032x', 900));
