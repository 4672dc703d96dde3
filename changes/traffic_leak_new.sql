-- change: traffic_leak_new
-- theme: network
-- effect: more
-- severity: medium
-- title.en: An identifier of the owner was seen to go where it was not seen to go before
-- title.nl: Een identificatie van de eigenaar is gezien op weg naar waar zij eerder niet gezien werd
-- says.en: {name} was seen to go to {recipient}, in {seen}; before: {before}
-- says.nl: {name_nl} is gezien op weg naar {recipient}, in {seen}; eerder: {before}
-- why.en: {reason}
-- why.nl: {reason}
-- limits: What is not in a capture was not seen; it may still have been sent by another way, at another time, or where it could not be seen into. By kind: another value of the same kind is the same to it.
-- words: seen before after reason
WITH c AS (SELECT d.*, 0 AS elsewhere FROM traffic_data d WHERE d.what = 'leak' AND d.level = 'owner' AND d.verdict = 'new'
UNION ALL SELECT h.*, coalesce(o.seen_before, 0) > 0 FROM traffic_data h LEFT JOIN traffic_data o ON o.what = 'leak' AND o.level = 'owner' AND o.about = h.about AND o.recipient = h.owner
WHERE h.what = 'leak' AND h.level = 'host' AND h.verdict = 'new' AND o.verdict IS NOT 'new')
SELECT about || ' ' || recipient AS subject, name, name_nl, recipient, seen_after || ' of ' || captures_after || ' captures' AS seen,
       'not seen' || CASE WHEN dark_before > 0 THEN '; dark connections to it: ' || dark_before || ' of ' || connections_before || coalesce(' (' || why_before || ')', '') ELSE '' END AS before,
       seen_after || ' of ' || captures_after || ' captures' || coalesce(': ' || (SELECT group_concat(it, ', ') FROM (SELECT DISTINCT iif(h.level = 'host', h.recipient, h.place) AS it FROM traffic_data h WHERE h.what = 'leak' AND h.about = c.about AND h.seen_after > 0
         AND ((c.level = 'owner' AND h.level = 'host' AND h.owner = c.recipient) OR (c.level = 'host' AND h.level = 'place' AND h.recipient = c.recipient)) ORDER BY 1 LIMIT 5)), '') AS after,
       CASE WHEN enough THEN 'It is in every capture of the new side and in none of the old.' ELSE 'With fewer than three captures on each side this may be chance.' END ||
       CASE WHEN dark_before > 0 THEN ' Connections to it before: ' || connections_before || ', of which ' || dark_before || ' could not be seen into (' || coalesce(why_before, '') || '): it may have gone there unseen.'
            WHEN connections_before > 0 THEN ' Connections to it before: ' || connections_before || ', all seen into as far as they were recorded.'
            WHEN others_dark_before > 0 THEN ' No connection to it was seen before; of those to others, ' || others_dark_before || ' could not be seen into.'
            ELSE ' No connection to it was seen before.' END ||
       CASE WHEN elsewhere THEN ' It reached the owner of this host before, by another host.' ELSE '' END || CASE WHEN sought_after > sought_before THEN ' More identifiers of this kind were looked for than before: ' || sought_after || ' instead of ' || sought_before || '.' ELSE '' END || CASE WHEN strong THEN '' ELSE ' What was found is so short that it may be chance.' END AS reason,
       CASE WHEN NOT enough THEN 'info' WHEN dark_before > 0 OR elsewhere OR NOT strong THEN 'low' ELSE 'medium' END AS severity, CASE WHEN dark_before > 0 OR elsewhere THEN 'other' ELSE 'more' END AS effect, CASE WHEN enough THEN 30 ELSE 3 END AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM c
