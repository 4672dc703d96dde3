-- rule: accepts_any_certificate
-- theme: network
-- severity: medium
-- strength: able
-- title.en: Apps hold code that accepts any certificate
-- title.nl: Apps bevatten code die elk certificaat aanvaardt
-- says.en: {actor} holds code that accepts any certificate
-- says.nl: {actor} bevat code die elk certificaat aanvaardt
-- explain.en: Code that trusts every certificate or every name lets anybody on the way read and change what is sent.
--   Whether each connection of the app uses it is not shown.
-- explain.nl: Code die elk certificaat of elke naam vertrouwt laat iedereen onderweg lezen en wijzigen wat verstuurd
--   wordt. Of elke verbinding van de app die code gebruikt is niet getoond.
-- reference: https://developer.android.com/privacy-and-security/risks/unsafe-trustmanager
-- limits: A check that is made afterwards in other code is not seen.
-- needs: power, package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, w.fact_id, p.name AS actor, w.code AS note, w.baseline,
       CASE WHEN p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%' THEN 'medium' ELSE 'low' END AS severity
FROM power w JOIN package p ON p.package_id = w.actor_id WHERE w.power = 'accept_any_certificate' AND w.code IS NOT NULL AND coalesce(w.reachable, 1) = 1
ORDER BY p.build_id, p.name, w.fact_id
