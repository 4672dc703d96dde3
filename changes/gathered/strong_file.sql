-- gathered: strong_file
-- says: Files that give rights, by path.
SELECT coalesce(a.device_path, a.path) AS path, p.how, coalesce(p.detail, '') AS detail, p.uid, p.mode, p.fact_id AS f FROM SIDE_privileged_file p JOIN SIDE_artifact a ON a.artifact_id = p.artifact_id
