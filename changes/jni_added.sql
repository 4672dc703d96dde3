-- change: jni_added
-- theme: code
-- effect: other
-- severity: info
-- title.en: A native library implements a method that it did not
-- title.nl: Een native bibliotheek heeft een methode die ze niet had
-- says.en: {path} implements {method}
-- says.nl: {path} bevat {method}
-- why.en: A new way from Java code into native code.
-- why.nl: Een nieuwe weg van Java-code naar native code.
WITH o AS MATERIALIZED (SELECT DISTINCT coalesce(j.class, '') || '.' || j.name AS m FROM old_jni j),
     n AS MATERIALIZED (SELECT coalesce(a.device_path, a.path) AS path, coalesce(j.class, '') || '.' || j.name AS m, min(j.fact_id) AS f FROM new_jni j JOIN new_artifact a ON a.artifact_id = j.artifact_id GROUP BY 1, 2)
SELECT n.path || ' ' || n.m AS subject, n.path, n.m AS method, NULL AS before, n.m AS after, n.f AS after_fact FROM n WHERE n.m NOT IN (SELECT m FROM o) AND EXISTS (SELECT 1 FROM o)
