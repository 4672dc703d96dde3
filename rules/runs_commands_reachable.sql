-- rule: runs_commands_reachable
-- theme: code
-- severity: medium
-- strength: able
-- title.en: Privileged apps start programs, and something reaches that code
-- title.nl: Bevoorrechte apps starten programma's, en iets bereikt die code
-- says.en: {actor} is able to start programs; {subject} leads to that code
-- says.nl: {actor} is in staat programma's te starten; {subject} leidt naar die code
-- explain.en: Privileged apps seldom need to start programs of the system. Code that does so and is reached from an
--   entry or from the background is a place to look at first. What is started is in the call sites.
-- explain.nl: Bevoorrechte apps hoeven zelden programma's van het systeem te starten. Code die dat doet en vanuit een
--   ingang of de achtergrond bereikt wordt, is een plek om het eerst te bekijken. Wat er gestart wordt staat bij de
--   aanroepen.
-- reference: https://cwe.mitre.org/data/definitions/78.html
-- limits: Harmless commands count as much as others. What an exported door reaches without a permission is in the
--   rule on open doors.
-- needs: power, package
SELECT p.build_id, p.package_id AS actor_id, coalesce(w.entry, w.code) AS subject, w.fact_id, p.fact_id AS evidence, p.name AS actor, w.code AS note, w.baseline
FROM power w JOIN package p ON p.package_id = w.actor_id
WHERE w.power = 'run_commands' AND w.reachable = 1 AND (p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%')
ORDER BY p.build_id, p.name, w.fact_id
