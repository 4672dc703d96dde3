-- gathered: host
-- says: Hosts that lead outside, by who names them.
SELECT coalesce(ap.name, '') AS actor, e.host, max(e.actor_id) AS actor_id, max(e.scheme = 'http') AS clear, max(e.scheme IN ('https', 'wss')) AS tls, max(coalesce(e.scheme || '://', '') || e.host || coalesce(e.path, '')) AS full, min(e.fact_id) AS f
FROM SIDE_endpoint e LEFT JOIN actor_pair ap ON ap.PAIR_id = e.actor_id WHERE coalesce(e.local, 0) = 0 AND e.use <> 'none' GROUP BY coalesce(ap.name, ''), e.host
