-- rule: several_update_agents
-- theme: updates
-- severity: low
-- strength: able
-- title.en: Several apps of one build are able to replace the system
-- title.nl: Meerdere apps van een build zijn in staat het systeem te vervangen
-- says.en: {count} apps are able to replace the system: {names}
-- says.nl: {count} apps zijn in staat het systeem te vervangen: {names}
-- explain.en: Each agent is a way for new software to come in, with its own servers and its own care. More than one
--   means more parties to trust.
-- explain.nl: Elk programma is een weg waarlangs nieuwe software binnenkomt, met eigen servers en eigen
--   zorgvuldigheid. Meer dan een betekent meer partijen om te vertrouwen.
-- reference: https://source.android.com/docs/core/ota
-- limits: Settings and recovery helpers of plain AOSP are not counted.
-- needs: update_agent, actor
SELECT x.build_id, NULL AS actor_id, 'update agents' AS subject, min(u.fact_id) AS fact_id, group_concat(DISTINCT u.fact_id) AS evidence, count(DISTINCT x.name) AS count, group_concat(DISTINCT x.name) AS names
FROM update_agent u JOIN actor x ON x.actor_id = u.actor_id
WHERE u.how = 'update_system' AND NOT EXISTS (SELECT 1 FROM power w WHERE w.actor_id = x.actor_id AND w.baseline = 1)
GROUP BY x.build_id HAVING count(DISTINCT x.name) > 1 ORDER BY x.build_id
