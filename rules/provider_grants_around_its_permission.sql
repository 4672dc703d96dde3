-- rule: provider_grants_around_its_permission
-- theme: doors
-- severity: low
-- strength: present
-- title.en: Open providers may grant access to single addresses although they ask no permission
-- title.nl: Open gegevensbronnen mogen toegang tot losse adressen geven hoewel ze geen toestemming vragen
-- says.en: The provider {subject} of {actor} may grant access to its addresses and asks no permission
-- says.nl: De gegevensbron {subject} van {actor} mag toegang tot haar adressen geven en vraagt geen toestemming
-- explain.en: Granting access to single addresses (grantUriPermissions) is meant as an exception to a permission.
--   Without one, an app that gets hold of an address can pass it on.
-- explain.nl: Toegang tot losse adressen geven (grantUriPermissions) is bedoeld als uitzondering op een toestemming.
--   Zonder toestemming kan een app die een adres bemachtigt het doorgeven.
-- reference: https://developer.android.com/guide/topics/manifest/provider-element
-- limits: Which addresses is not looked at.
-- needs: component, package
SELECT p.build_id, p.package_id AS actor_id, coalesce(c.authorities, c.class) AS subject, c.fact_id, p.name AS actor,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM component c JOIN package p ON p.package_id = c.package_id
WHERE c.kind = 'provider' AND c.exported = 1 AND coalesce(c.enabled, 1) = 1 AND c.grant_uri = 1 AND c.read_permission IS NULL AND p.privileged = 1
ORDER BY p.build_id, p.name, subject, c.fact_id
