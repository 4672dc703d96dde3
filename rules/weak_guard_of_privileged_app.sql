-- rule: weak_guard_of_privileged_app
-- theme: doors
-- severity: medium
-- strength: present
-- title.en: Doors of privileged apps are guarded by a permission that every app can get
-- title.nl: Deuren van bevoorrechte apps worden bewaakt door een toestemming die elke app kan krijgen
-- says.en: {actor} guards {subject} with {guard}, which is of level {level}
-- says.nl: {actor} bewaakt {subject} met {guard}, van niveau {level}
-- explain.en: A permission of level normal is given to every app that asks for it, and one that no package of the
--   image declares can be declared by any app that is installed first. As a guard of a privileged app it keeps nobody
--   out.
-- explain.nl: Een toestemming van niveau normal krijgt elke app die erom vraagt, en een toestemming die geen pakket
--   op het image declareert kan elke app die het eerst geïnstalleerd wordt zelf declareren. Als bewaking van een
--   bevoorrechte app houdt ze niemand buiten.
-- reference: https://developer.android.com/privacy-and-security/risks/custom-permissions
-- limits: Where the package that declares a permission is not in the evidence the permission counts as undeclared;
--   the note says so.
-- needs: component, package, permission_definition
WITH guard AS (
  SELECT c.package_id, c.class, c.kind, c.fact_id, c.permission FROM component c
  WHERE c.permission IS NOT NULL AND c.exported = 1 AND coalesce(c.enabled, 1) = 1 AND c.kind IN ('service', 'receiver', 'provider'))
SELECT p.build_id, p.package_id AS actor_id, g.class AS subject, g.fact_id, p.name AS actor, g.permission AS guard, d.fact_id AS evidence,
       coalesce(d.protection, 'undeclared') AS level, CASE WHEN d.permission IS NULL THEN 'no package that was read declares it' END AS note,
       CASE WHEN d.permission IS NULL THEN 'low' ELSE 'medium' END AS severity,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM guard g JOIN package p ON p.package_id = g.package_id LEFT JOIN permission_definition d ON d.build_id = p.build_id AND d.permission = g.permission
WHERE (p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%')
  AND ((d.permission IS NULL AND g.permission NOT LIKE 'android.permission.%') OR d.protection = 'normal' OR d.protection LIKE 'normal|%')
ORDER BY p.build_id, p.name, g.class, g.fact_id
