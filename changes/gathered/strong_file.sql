-- gathered: strong_file
-- says: Files that give rights, by path and way; `says`: all that is known of it, `others`: what the mode lets everybody do.
SELECT coalesce(a.device_path, a.path) AS path, p.how, coalesce(p.detail, '') AS detail, p.uid, p.gid, p.mode, coalesce(p.effective, 0) AS effective, CASE WHEN p.mode GLOB '*[0-7]' THEN CAST(substr(p.mode, -1) AS INTEGER) END AS others,
       p.how || coalesce(' ' || p.detail, '') || CASE WHEN p.effective = 1 THEN ', in force by itself' ELSE '' END || coalesce(', owner ' || p.uid, '') || coalesce(', group ' || p.gid, '') || coalesce(', mode ' || p.mode, '') AS says, p.fact_id AS f
FROM SIDE_privileged_file p JOIN SIDE_artifact a ON a.artifact_id = p.artifact_id
