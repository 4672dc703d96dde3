-- change: update_agent_gone
-- theme: updates
-- effect: less
-- severity: info
-- title.en: An app does not install software any more
-- title.nl: Een app installeert geen software meer
-- says.en: {actor} is not able to install software any more ({how})
-- says.nl: {actor} kan geen software meer installeren ({how})
-- why.en: Less can come from outside.
-- why.nl: Er kan minder van buiten komen.
-- words: how before
-- needs: whole
SELECT ap.name || ' ' || u.how AS subject, ap.name AS actor, replace(u.how, '_', ' ') AS how, 'able' AS before, NULL AS after, u.fact_id AS before_fact
FROM actor_pair ap JOIN old_update_agent u ON u.actor_id = ap.before_id
WHERE NOT EXISTS (SELECT 1 FROM new_update_agent v WHERE v.actor_id = ap.after_id AND v.how = u.how)
