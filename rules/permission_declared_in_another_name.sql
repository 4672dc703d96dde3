-- rule: permission_declared_in_another_name
-- theme: rights
-- severity: low
-- strength: present
-- title.en: Packages declare permissions in the name of the platform
-- title.nl: Pakketten declareren toestemmingen in de naam van het platform
-- says.en: {actor} declares {subject}, a name of the platform
-- says.nl: {actor} declareert {subject}, een naam van het platform
-- explain.en: Whoever declares a permission first decides its level. A name that looks like the platform's but is
--   declared by another package can give away what others believe to be guarded.
-- explain.nl: Wie een toestemming het eerst declareert bepaalt het niveau. Een naam die op die van het platform lijkt
--   maar door een ander pakket wordt gedeclareerd kan weggeven wat anderen bewaakt wanen.
-- reference: https://developer.android.com/privacy-and-security/risks/custom-permissions
-- limits: Packages of plain AOSP that declare such names are left out.
-- needs: permission_definition, package
SELECT d.build_id, p.package_id AS actor_id, d.permission AS subject, d.fact_id, p.fact_id AS evidence, p.name AS actor, 'level: ' || coalesce(d.protection, 'not known') AS note,
       CASE WHEN d.protection IN ('normal', 'dangerous') THEN 'medium' ELSE 'low' END AS severity
FROM permission_definition d JOIN package p ON p.build_id = d.build_id AND p.name = d.package
WHERE d.permission LIKE 'android.permission.%' AND p.name <> 'android' AND p.name NOT LIKE 'com.android.%'
  AND NOT EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)
ORDER BY d.build_id, d.permission, d.fact_id
