-- gathered: installer
-- says: Apps that install software: whether code that verifies a signature stands in them.
SELECT ap.name, u.how, max(u.verifies) AS verifies, min(u.fact_id) AS f FROM actor_pair ap JOIN SIDE_update_agent u ON u.actor_id = ap.PAIR_id GROUP BY 1, 2
