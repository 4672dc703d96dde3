-- change: host_removed
-- theme: network
-- effect: less
-- severity: info
-- title.en: Somebody does not name a host any more
-- title.nl: Iemand noemt een host niet meer
-- says.en: {who} does not name {host} any more
-- says.nl: {who} noemt {host} niet meer
-- why.en: A destination is gone, or it is built at run time now.
-- why.nl: Een bestemming is weg, of wordt nu tijdens het draaien gemaakt.
WITH o AS MATERIALIZED (SELECT coalesce(ap.name, '') AS actor, e.host, max(e.scheme = 'http') AS clear, max(e.scheme IN ('https', 'wss')) AS tls, min(e.fact_id) AS f FROM old_endpoint e LEFT JOIN actor_pair ap ON ap.before_id = e.actor_id WHERE coalesce(e.local, 0) = 0 AND e.use <> 'none' GROUP BY 1, 2),
     n AS MATERIALIZED (SELECT coalesce(ap.name, '') AS actor, ap.before_id, e.actor_id, e.host, max(e.scheme = 'http') AS clear, max(e.scheme IN ('https', 'wss')) AS tls, max(e.how) AS how, max(coalesce(e.scheme || '://', '') || e.host || coalesce(e.path, '')) AS full, min(e.fact_id) AS f FROM new_endpoint e LEFT JOIN actor_pair ap ON ap.after_id = e.actor_id WHERE coalesce(e.local, 0) = 0 AND e.use <> 'none' GROUP BY coalesce(ap.name, ''), e.host)
SELECT trim(o.actor || ' ' || o.host) AS subject, CASE o.actor WHEN '' THEN 'A file of nobody known' ELSE o.actor END AS who, o.host, o.host AS before, NULL AS after, o.f AS before_fact
FROM o LEFT JOIN n ON n.actor = o.actor AND n.host = o.host WHERE n.actor IS NULL
