-- fires
INSERT INTO signature(package_id, artifact_id, sdk_from, sdk_to, scheme, verdict, reason, fact_id) VALUES(10, 10, 24, NULL, 'v2', 'rejected', 'digest', printf('%032x', 900));
-- quiet: rejected by versions that this phone does not run
INSERT INTO signature(package_id, artifact_id, sdk_from, sdk_to, scheme, verdict, reason, fact_id) VALUES(10, 10, 14, 23, 'v1', 'rejected', 'digest', printf('%032x', 900));
