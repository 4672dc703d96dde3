-- rule: janus_signature
-- theme: keys
-- severity: high
-- strength: present
-- title.en: Privileged packages rest on a signature that does not cover the whole file
-- title.nl: Bevoorrechte pakketten steunen op een handtekening die niet het hele bestand dekt
-- says.en: {actor} has a v1 signature only, on a build whose patch level is before December 2017
-- says.nl: {actor} heeft alleen een v1-handtekening, op een build met een patchniveau van voor december 2017
-- explain.en: Before the December 2017 patches, Android could be made to run other code than a v1 signature covers
--   (CVE-2017-13156, Janus). A package with a v2 signature is not affected where the phone checks it.
-- explain.nl: Voor de patches van december 2017 was Android andere code te laten draaien dan een v1-handtekening dekt
--   (CVE-2017-13156, Janus). Een pakket met een v2-handtekening is niet vatbaar waar de telefoon die controleert.
-- reference: https://nvd.nist.gov/vuln/detail/CVE-2017-13156
-- limits: The patch level is what the build claims. Files on a read-only partition must be updated through Android,
--   which is where the fault was.
-- needs: signature, package, build
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, min(g.fact_id) AS fact_id, min(p.fact_id) AS evidence, p.name AS actor,
       CASE WHEN p.shared_uid LIKE 'android.uid.%' THEN 'high' ELSE 'medium' END AS severity
FROM signature g JOIN package p ON p.package_id = g.package_id JOIN build b ON b.build_id = p.build_id
WHERE b.security_patch < '2017-12-01' AND p.privileged = 1 AND g.verdict = 'verified'
GROUP BY p.package_id HAVING count(CASE WHEN g.scheme <> 'v1' THEN 1 END) = 0 ORDER BY p.build_id, p.name
