-- change: build_stated
-- theme: build
-- effect: other
-- severity: info
-- title.en: The build says otherwise what it is
-- title.nl: De build noemt zichzelf anders
-- says.en: {what}: {after}; before {before}
-- says.nl: {what}: {after}; eerst {before}
-- why.en: The maker's own word on the build.
-- why.nl: Het woord van de maker over de build.
-- words: what
WITH v AS (SELECT 'fingerprint' AS what, o.fingerprint AS b, n.fingerprint AS a, o.fact_id AS f, n.fact_id AS g FROM old_build o, new_build n
  UNION ALL SELECT 'Android version', o.release, n.release, o.fact_id, n.fact_id FROM old_build o, new_build n UNION ALL SELECT 'security patch level', o.security_patch, n.security_patch, o.fact_id, n.fact_id FROM old_build o, new_build n
  UNION ALL SELECT 'model', o.model, n.model, o.fact_id, n.fact_id FROM old_build o, new_build n UNION ALL SELECT 'type', o.type, n.type, o.fact_id, n.fact_id FROM old_build o, new_build n UNION ALL SELECT 'tags', o.tags, n.tags, o.fact_id, n.fact_id FROM old_build o, new_build n)
SELECT what AS subject, what, b AS before, a AS after, CASE WHEN what = 'model' THEN 'low' ELSE 'info' END AS severity, f AS before_fact, g AS after_fact FROM v WHERE a IS NOT b
