-- rule: loads_code_from_outside
-- theme: code
-- severity: medium
-- strength: able
-- title.en: Preinstalled apps are able to load code that is not in the image
-- title.nl: Voorgeïnstalleerde apps zijn in staat code te laden die niet in het image zit
-- says.en: {actor} is able to load code from outside; {place}
-- says.nl: {actor} is in staat code van buiten te laden; {place}
-- explain.en: Code that is loaded while running can change after every check of the app. Where an app with rights of
--   the system does it, whoever delivers that code gets those rights. Many apps load only code that they bring along;
--   the call sites say what is known of it.
-- explain.nl: Code die tijdens het draaien geladen wordt kan na elke controle van de app veranderen. Waar een app met
--   rechten van het systeem dat doet, krijgt wie die code levert die rechten. Veel apps laden alleen code die ze zelf
--   meebrengen; de aanroepen zeggen wat ervan bekend is.
-- reference: https://developer.android.com/privacy-and-security/risks/dynamic-code-loading
-- limits: Code that comes with the app and is only unpacked looks the same.
-- needs: power, package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, w.fact_id, p.fact_id AS evidence, p.name AS actor, coalesce(w.code, w.held_by, '') AS place, w.baseline,
       CASE WHEN w.reachable = 1 AND (p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%') THEN 'medium' ELSE 'low' END AS severity
FROM power w JOIN package p ON p.package_id = w.actor_id
WHERE w.power = 'load_code' AND w.code IS NOT NULL AND coalesce(w.reachable, 1) = 1 AND p.partition IS NOT NULL AND p.partition <> 'data'
ORDER BY p.build_id, p.name, w.fact_id
