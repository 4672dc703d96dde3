-- gathered: loading
-- says: Code that apps load or look up while running; `what` under its old name.
SELECT a.app, d.kind, coalesce(d.callee, '') AS callee, SIDE_named(a.app, coalesce(d.what, '')) AS what, min(d.class || '.' || d.method) AS place, min(d.fact_id) AS f
FROM SIDE_dynamic_code d JOIN SIDE_app_of a ON a.artifact_id = d.artifact_id GROUP BY 1, 2, 3, 4
