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
-- words: who
WITH o AS (SELECT * FROM old_host), n AS (SELECT * FROM new_host)
SELECT trim(o.actor || ' ' || o.host) AS subject, CASE o.actor WHEN '' THEN 'A file of nobody known' ELSE o.actor END AS who, o.host, o.host AS before, NULL AS after, o.f AS before_fact
FROM o LEFT JOIN n ON n.actor = o.actor AND n.host = o.host WHERE n.actor IS NULL
