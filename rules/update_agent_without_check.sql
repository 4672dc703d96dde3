-- rule: update_agent_without_check
-- theme: updates
-- severity: high
-- strength: able
-- title.en: Update agents in which no check of a signature was found
-- title.nl: Updateprogramma's waarin geen controle van een handtekening is gevonden
-- says.en: {actor} is able to install software ({how}), and no code that verifies a signature was found in it
-- says.nl: {actor} is in staat software te installeren ({how}), en er is geen code in gevonden die een handtekening
--   controleert
-- explain.en: Who replaces the system or installs apps without asking should verify what it got. Android itself
--   checks the signature of every app that replaces another and, in recovery, of an update; an agent that fetches new
--   software in clear and does not check it is open to whoever stands between.
-- explain.nl: Wie het systeem vervangt of zonder vragen apps installeert hoort te controleren wat er binnenkwam.
--   Android controleert zelf de handtekening van elke app die een andere vervangt en, in recovery, van een update;
--   een programma dat nieuwe software onversleuteld haalt en niet controleert staat open voor wie ertussen zit.
-- reference: https://source.android.com/docs/core/ota/sign_builds
-- limits: A check in native code or in another app is not seen; that the code is there does not show that it is used.
-- needs: update_agent, actor
SELECT x.build_id, x.actor_id, x.name AS subject, u.fact_id, x.fact_id AS evidence, x.name AS actor, replace(u.how, '_', ' ') AS how,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = x.actor_id AND w.baseline = 1) AS baseline,
       CASE WHEN u.how = 'update_system' THEN 'high' ELSE 'medium' END AS severity
FROM update_agent u JOIN actor x ON x.actor_id = u.actor_id WHERE u.verifies = 0
ORDER BY x.build_id, x.name, u.how, u.fact_id
