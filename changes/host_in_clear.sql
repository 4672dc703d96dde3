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
-- words: who before
WITH o AS (SELECT * FROM old_host), n AS (SELECT * FROM new_host)
SELECT trim(n.actor || ' ' || n.host) AS subject, CASE n.actor WHEN '' THEN 'A file of nobody known' ELSE n.actor END AS who, n.host, 'not in clear' AS before, n.full AS after, CASE WHEN n.tls = 0 AND o.tls = 1 THEN 'high' ELSE 'medium' END AS severity, o.f AS before_fact, n.f AS after_fact
FROM n JOIN o ON o.actor = n.actor AND o.host = n.host WHERE n.clear = 1 AND o.clear = 0
