-- change: traffic_leak_gone
-- theme: network
-- effect: less
-- severity: info
-- title.en: An identifier of the owner is not seen any more where it was seen to go
-- title.nl: Een identificatie van de eigenaar wordt niet meer gezien waar zij heen ging
-- says.en: {name} was seen to go to {recipient}, in {seen}; now: {after}
-- says.nl: {name_nl} is gezien op weg naar {recipient}, in {seen}; nu: {after}
-- why.en: {reason}
-- why.nl: {reason}
-- limits: What is not in a capture was not seen; it may still have been sent by another way, at another time, or where it could not be seen into. By kind: another value of the same kind is the same to it.
-- words: seen before after reason
WITH c AS (SELECT d.*, 0 AS elsewhere FROM traffic_data d WHERE d.what = 'leak' AND d.level = 'owner' AND d.verdict = 'gone'
UNION ALL SELECT h.*, coalesce(o.seen_after, 0) > 0 FROM traffic_data h LEFT JOIN traffic_data o ON o.what = 'leak' AND o.level = 'owner' AND o.about = h.about AND o.recipient = h.owner
WHERE h.what = 'leak' AND h.level = 'host' AND h.verdict = 'gone' AND o.verdict IS NOT 'gone')
SELECT about || ' ' || recipient AS subject, name, name_nl, recipient, seen_before || ' of ' || captures_before || ' captures' AS seen,
       seen_before || ' of ' || captures_before || ' captures' || coalesce(': ' || (SELECT group_concat(it, ', ') FROM (SELECT DISTINCT iif(h.level = 'host', h.recipient, h.place) AS it FROM traffic_data h WHERE h.what = 'leak' AND h.about = c.about AND h.seen_before > 0
         AND ((c.level = 'owner' AND h.level = 'host' AND h.owner = c.recipient) OR (c.level = 'host' AND h.level = 'place' AND h.recipient = c.recipient)) ORDER BY 1 LIMIT 5)), '') AS before,
       'not seen' || CASE WHEN dark_after > 0 THEN '; dark connections to it: ' || dark_after || ' of ' || connections_after || coalesce(' (' || why_after || ')', '') ELSE '' END AS after,
       CASE WHEN enough THEN 'It is in every capture of the old side and in none of the new.' ELSE 'With fewer than three captures on each side this may be chance.' END ||
       CASE WHEN dark_after > 0 THEN ' Connections to it now: ' || connections_after || ', of which ' || dark_after || ' could not be seen into (' || coalesce(why_after, '') || '): it may still go there unseen.'
            WHEN connections_after > 0 THEN ' Connections to it now: ' || connections_after || ', all seen into as far as they were recorded.'
            WHEN others_dark_after > 0 THEN ' No connection to it was seen now; of those to others, ' || others_dark_after || ' could not be seen into.'
            ELSE ' No connection to it was seen now.' END ||
       CASE WHEN elsewhere THEN ' It still reaches the owner of this host, by another host.' ELSE '' END || CASE WHEN sought_before > sought_after THEN ' Fewer identifiers of this kind were looked for than before: ' || sought_after || ' instead of ' || sought_before || '.' ELSE '' END || CASE WHEN strong THEN '' ELSE ' What was found is so short that it may be chance.' END AS reason,
       'info' AS severity, CASE WHEN dark_after > 0 OR elsewhere THEN 'other' ELSE 'less' END AS effect, CASE WHEN enough THEN 30 ELSE 3 END AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM c
