-- rule: exported_provider_without_permission
-- theme: doors
-- severity: medium
-- strength: present
-- title.en: Preinstalled apps offer data to anybody without asking a permission
-- title.nl: Voorgeïnstalleerde apps bieden gegevens aan iedereen zonder toestemming te vragen
-- says.en: {actor} offers data under {subject} to any app without asking a permission
-- says.nl: {actor} biedt gegevens onder {subject} aan elke app zonder toestemming te vragen
-- explain.en: A content provider that is exported and asks no permission can be read, and often written, by every
--   app. What it holds is not shown by this; some are meant to be public.
-- explain.nl: Een content provider die open is en geen toestemming vraagt kan door elke app gelezen en vaak ook
--   beschreven worden. Wat erin zit blijkt hier niet uit; sommige zijn openbaar bedoeld.
-- reference: https://developer.android.com/guide/topics/manifest/provider-element
-- limits: Permissions for single paths (path-permission) and checks in code are not weighed.
-- needs: component, package
SELECT p.build_id, p.package_id AS actor_id, coalesce(c.authorities, c.class) AS subject, c.fact_id, p.fact_id AS evidence, p.name AS actor,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM component c JOIN package p ON p.package_id = c.package_id
WHERE c.kind = 'provider' AND c.exported = 1 AND coalesce(c.enabled, 1) = 1 AND c.permission IS NULL AND (c.read_permission IS NULL OR c.write_permission IS NULL)
  AND p.partition IS NOT NULL AND p.partition <> 'data'
ORDER BY p.build_id, p.name, subject, c.fact_id
