-- change: update_agent
-- theme: updates
-- effect: more
-- severity: high
-- title.en: An app that installs software is new, or checks less
-- title.nl: Een app die software installeert is nieuw, of controleert minder
-- says.en: {actor} is able to install software ({how}): {after}; before: {before}
-- says.nl: {actor} kan software installeren ({how}): {after}; eerst: {before}
-- why.en: Whoever reaches such an app decides what runs on the phone; without a check that may be anybody on the way.
-- why.nl: Wie bij zo'n app komt bepaalt wat er op de telefoon draait; zonder controle kan dat iedereen onderweg zijn.
-- limits: That code verifies something stands there; that it guards the installation is not shown.
-- words: how before after
-- needs: whole
WITH o AS (SELECT * FROM old_installer), n AS (SELECT * FROM new_installer)
SELECT n.name || ' ' || n.how AS subject, n.name AS actor, replace(n.how, '_', ' ') AS how, CASE o.verifies WHEN 1 THEN 'it verified a signature' WHEN 0 THEN 'it verified none' ELSE 'it could not' END AS before, CASE n.verifies WHEN 1 THEN 'code that verifies a signature stands in it' ELSE 'no code that verifies a signature was found' END AS after,
       CASE WHEN o.verifies = 0 THEN 'info' WHEN o.verifies = 1 AND n.verifies = 0 THEN 'critical' WHEN n.verifies = 0 THEN 'high' ELSE 'medium' END AS severity, CASE WHEN o.verifies = 0 THEN 'less' ELSE 'more' END AS effect, 70 AS weight, o.f AS before_fact, n.f AS after_fact
FROM n LEFT JOIN o ON o.name = n.name AND o.how = n.how WHERE o.name IS NULL OR o.verifies IS NOT n.verifies
