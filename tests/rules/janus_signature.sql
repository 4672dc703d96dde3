-- fires
UPDATE build SET security_patch = '2017-11-01';
INSERT INTO signature(package_id, artifact_id, scheme, verdict, signer, fact_id) VALUES(10, 10, 'v1', 'verified', 'own', printf('%032x', 900));
-- quiet: patched, and v2 beside v1
INSERT INTO signature(package_id, artifact_id, scheme, verdict, signer, fact_id) VALUES(10, 10, 'v1', 'verified', 'own', printf('%032x', 900));
