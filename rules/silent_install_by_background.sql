-- rule: silent_install_by_background
-- theme: code
-- severity: medium
-- strength: able
-- title.en: Apps of the maker are able to install software without asking, started from the background
-- title.nl: Apps van de maker zijn in staat zonder vragen software te installeren, gestart vanuit de achtergrond
-- says.en: {actor} is able to install software without asking; {subject} leads to that code
-- says.nl: {actor} is in staat zonder vragen software te installeren; {subject} leidt naar die code
-- explain.en: The app holds the right and the code, and something starts that code without the owner. Stores and
--   updaters work that way; so does software that brings more software.
-- explain.nl: De app heeft het recht en de code, en iets start die code zonder de eigenaar. Winkels en bijwerkers
--   werken zo; software die meer software binnenhaalt ook.
-- reference: https://source.android.com/docs/core/permissions/perms-allowlist
-- limits: What is installed, and from where, is not shown.
-- needs: power, package
SELECT p.build_id, p.package_id AS actor_id, coalesce(w.entry, w.code) AS subject, w.fact_id, p.fact_id AS evidence, p.name AS actor, w.code AS note, w.baseline
FROM power w JOIN package p ON p.package_id = w.actor_id WHERE w.power = 'install_silently' AND w.reachable = 1 AND w.held_by IS NOT NULL AND w.code IS NOT NULL
ORDER BY p.build_id, p.name, w.fact_id
