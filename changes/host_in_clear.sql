-- change: host_in_clear
-- theme: network
-- effect: more
-- severity: medium
-- title.en: A host is named without encryption
-- title.nl: Een host wordt zonder versleuteling genoemd
-- says.en: {who} names {host} without encryption now
-- says.nl: {who} noemt {host} nu zonder versleuteling
-- why.en: What is sent there may be read and changed on the way.
-- why.nl: Wat daarheen gaat kan onderweg gelezen en veranderd worden.
WITH o AS MATERIALIZED (SELECT coalesce(ap.name, '') AS actor, e.host, max(e.scheme = 'http') AS clear, max(e.scheme IN ('https', 'wss')) AS tls, min(e.fact_id) AS f FROM old_endpoint e LEFT JOIN actor_pair ap ON ap.before_id = e.actor_id WHERE coalesce(e.local, 0) = 0 AND e.use <> 'none' GROUP BY 1, 2),
     n AS MATERIALIZED (SELECT coalesce(ap.name, '') AS actor, ap.before_id, e.actor_id, e.host, max(e.scheme = 'http') AS clear, max(e.scheme IN ('https', 'wss')) AS tls, max(e.how) AS how, max(coalesce(e.scheme || '://', '') || e.host || coalesce(e.path, '')) AS full, min(e.fact_id) AS f FROM new_endpoint e LEFT JOIN actor_pair ap ON ap.after_id = e.actor_id WHERE coalesce(e.local, 0) = 0 AND e.use <> 'none' GROUP BY coalesce(ap.name, ''), e.host)
SELECT trim(n.actor || ' ' || n.host) AS subject, CASE n.actor WHEN '' THEN 'A file of nobody known' ELSE n.actor END AS who, n.host, 'not in clear' AS before, n.full AS after, CASE WHEN n.tls = 0 AND o.tls = 1 THEN 'high' ELSE 'medium' END AS severity, o.f AS before_fact, n.f AS after_fact
FROM n JOIN o ON o.actor = n.actor AND o.host = n.host WHERE n.clear = 1 AND o.clear = 0
