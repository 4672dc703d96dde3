-- change: privileged_file_gone
-- theme: files
-- effect: less
-- severity: info
-- title.en: A file does not give rights any more
-- title.nl: Een bestand geeft geen rechten meer
-- says.en: {subject} does not give rights any more: {before}
-- says.nl: {subject} geeft geen rechten meer: {before}
-- why.en: Less is possible than before.
-- why.nl: Er kan minder dan eerst.
WITH o AS MATERIALIZED (SELECT coalesce(a.device_path, a.path) AS path, p.how, coalesce(p.detail, '') AS detail, p.uid, p.mode, p.fact_id AS f FROM old_privileged_file p JOIN old_artifact a ON a.artifact_id = p.artifact_id),
     n AS MATERIALIZED (SELECT coalesce(a.device_path, a.path) AS path, p.how, coalesce(p.detail, '') AS detail, p.uid, p.mode, p.fact_id AS f FROM new_privileged_file p JOIN new_artifact a ON a.artifact_id = p.artifact_id)
SELECT o.path AS subject, o.how || CASE WHEN o.detail = '' THEN '' ELSE ' ' || o.detail END AS before, NULL AS after, o.f AS before_fact FROM o WHERE NOT EXISTS (SELECT 1 FROM n WHERE o.path = n.path AND o.how = n.how AND o.detail = n.detail)
