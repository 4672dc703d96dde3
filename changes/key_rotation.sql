-- change: key_rotation
-- theme: keys
-- effect: more
-- severity: medium
-- title.en: A package names earlier keys that it did not name, or names them no more
-- title.nl: Een pakket noemt eerdere sleutels die het niet noemde, of noemt ze niet meer
-- says.en: {app}: the key {key} is {state} its lineage
-- says.nl: {app}: de sleutel {key} staat {staat} de lijn van sleutels
-- why.en: Whoever holds a key of the lineage may keep rights that the app gives to its own kind.
-- why.nl: Wie een sleutel uit de lijn heeft kan rechten houden die de app aan verwanten geeft.
WITH o AS MATERIALIZED (SELECT DISTINCT pp.app, l.sha256, l.fact_id AS f FROM package_pair pp JOIN old_lineage l ON l.package_id = pp.before_id WHERE pp.after_id IS NOT NULL),
     n AS MATERIALIZED (SELECT DISTINCT pp.app, l.sha256, l.fact_id AS f FROM package_pair pp JOIN new_lineage l ON l.package_id = pp.after_id WHERE pp.before_id IS NOT NULL)
SELECT coalesce(n.app, o.app) || ' ' || substr(coalesce(n.sha256, o.sha256), 1, 16) AS subject, coalesce(n.app, o.app) AS app, substr(coalesce(n.sha256, o.sha256), 1, 16) AS key, CASE WHEN n.app IS NULL THEN 'no longer in' ELSE 'now in' END AS state, CASE WHEN n.app IS NULL THEN 'niet meer in' ELSE 'nu in' END AS staat, CASE WHEN o.app IS NULL THEN NULL ELSE 'in' END AS before, CASE WHEN n.app IS NULL THEN NULL ELSE 'in' END AS after,
       CASE WHEN n.app IS NULL THEN 'info' ELSE 'medium' END AS severity, CASE WHEN n.app IS NULL THEN 'less' ELSE 'more' END AS effect, min(o.f) AS before_fact, min(n.f) AS after_fact
FROM n FULL OUTER JOIN o ON o.app = n.app AND o.sha256 = n.sha256 WHERE o.app IS NULL OR n.app IS NULL GROUP BY coalesce(n.app, o.app), coalesce(n.sha256, o.sha256)
