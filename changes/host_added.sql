-- change: host_added
-- theme: network
-- effect: more
-- severity: low
-- title.en: Somebody names a host that it did not name
-- title.nl: Iemand noemt een host die eerst niet genoemd werd
-- says.en: {who} names {host}{owner}
-- says.nl: {who} noemt {host}{owner}
-- why.en: {reason} Naming a host is not sending to it.
-- why.nl: {reason} Een host noemen is er niet naartoe sturen.
-- limits: Hosts that code puts together at run time are not known yet.
-- words: who reason
WITH o AS (SELECT * FROM old_host), n AS (SELECT * FROM new_host),
     w AS MATERIALIZED (SELECT host, max(owner) AS owner, max(country) AS country FROM new_host_owner GROUP BY host)
SELECT trim(n.actor || ' ' || n.host) AS subject, CASE n.actor WHEN '' THEN 'A file of nobody known' ELSE n.actor END AS who, n.host, coalesce(' (' || w.owner || coalesce(', ' || w.country, '') || ')', '') AS owner, NULL AS before, n.full AS after,
       CASE WHEN NOT EXISTS (SELECT 1 FROM o WHERE o.host = n.host) THEN CASE WHEN p.shared_uid LIKE 'android.uid.%' OR p.privileged = 1 OR n.clear OR n.actor = '' THEN 'medium' ELSE 'low' END ELSE 'low' END AS severity,
       CASE WHEN NOT EXISTS (SELECT 1 FROM o WHERE o.host = n.host) THEN 'Nothing on the old build named this host.' ELSE 'Others on the old build named this host.' END || CASE WHEN n.clear THEN ' Without encryption.' ELSE '' END AS reason,
       CASE WHEN NOT EXISTS (SELECT 1 FROM o WHERE o.host = n.host) THEN 20 ELSE 0 END + CASE WHEN n.clear THEN 5 ELSE 0 END AS weight, n.f AS after_fact
FROM n LEFT JOIN w ON w.host = n.host LEFT JOIN new_package p ON p.package_id = n.actor_id LEFT JOIN o ON o.actor = n.actor AND o.host = n.host WHERE o.actor IS NULL
