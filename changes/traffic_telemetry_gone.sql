-- change: traffic_telemetry_gone
-- theme: network
-- effect: less
-- severity: info
-- title.en: A kind of data is not seen any more on its way to a service
-- title.nl: Een soort gegevens wordt niet meer gezien op weg naar een dienst
-- says.en: {name} was seen to go to {whom}, in {seen}; now: {after}
-- says.nl: {name_nl} is gezien op weg naar {whom}, in {seen}; nu: {after}
-- why.en: {reason}
-- why.nl: {reason}
-- limits: What is not in a capture was not seen; it may still have been sent by another way, at another time, or where it could not be seen into. Cases made by different versions of klikspaan may know different services.
-- words: seen before after reason
WITH c AS (SELECT d.*, 0 AS elsewhere FROM traffic_data d WHERE d.what = 'telemetry' AND d.level = 'service' AND d.verdict = 'gone'
UNION ALL SELECT h.*, coalesce(s.seen_after, 0) > 0 FROM traffic_data h JOIN traffic_data s ON s.what = 'telemetry' AND s.level = 'service' AND s.about = h.about AND s.decoder = h.decoder
WHERE h.what = 'telemetry' AND h.level = 'host' AND h.verdict = 'gone' AND s.verdict <> 'gone')
SELECT decoder || coalesce(' ' || nullif(about, ''), '') || CASE level WHEN 'host' THEN ' ' || recipient ELSE '' END AS subject, name, name_nl, service || CASE level WHEN 'host' THEN ' (' || recipient || ')' ELSE '' END AS whom, seen_before || ' of ' || captures_before || ' captures' AS seen,
       seen_before || ' of ' || captures_before || ' captures' AS before, 'not seen' || CASE WHEN dark_after > 0 THEN '; dark connections to it: ' || dark_after || ' of ' || connections_after || coalesce(' (' || why_after || ')', '') ELSE '' END AS after,
       CASE WHEN enough THEN 'It is in every capture of the old side and in none of the new.' ELSE 'With fewer than three captures on each side this may be chance.' END ||
       CASE WHEN dark_after > 0 THEN ' Connections to it now: ' || connections_after || ', of which ' || dark_after || ' could not be seen into (' || coalesce(why_after, '') || '): it may still go there unseen.'
            WHEN connections_after > 0 THEN ' Connections to it now: ' || connections_after || ', all seen into as far as they were recorded.'
            WHEN others_dark_after > 0 THEN ' No connection to it was seen now; of those to others, ' || others_dark_after || ' could not be seen into.'
            ELSE ' No connection to it was seen now.' END ||
       CASE WHEN elsewhere THEN ' It still goes to this service, by another host.' ELSE '' END AS reason,
       'info' AS severity, CASE WHEN dark_after > 0 OR elsewhere THEN 'other' ELSE 'less' END AS effect, CASE WHEN NOT enough THEN 2 WHEN about = '' THEN 14 ELSE 15 END AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM c
-- What stands in the messages says that there were some.
WHERE about <> '' OR NOT EXISTS (SELECT 1 FROM traffic_data f WHERE f.what = 'telemetry' AND f.decoder = c.decoder AND f.level = c.level AND f.recipient = c.recipient AND f.about <> '' AND f.verdict = c.verdict)
