-- gathered: foreign_code
-- says: Code of others, by who holds it.
SELECT coalesce(ap.name, '') AS actor, s.name, max(s.owner) AS owner, max(s.country) AS country, max(s.category) AS category, max(s.actor_id) AS actor_id, min(s.fact_id) AS f
FROM SIDE_sdk s LEFT JOIN actor_pair ap ON ap.PAIR_id = s.actor_id GROUP BY coalesce(ap.name, ''), s.name
