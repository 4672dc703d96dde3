-- change: traffic_telemetry_new
-- theme: network
-- effect: more
-- severity: low
-- title.en: A kind of data was seen to go to a service that it was not seen to go to before
-- title.nl: Een soort gegevens is gezien op weg naar een dienst waar zij eerder niet gezien werd
-- says.en: {name} was seen to go to {whom}, in {seen}; before: {before}
-- says.nl: {name_nl} is gezien op weg naar {whom}, in {seen}; eerder: {before}
-- why.en: {reason}
-- why.nl: {reason}
-- limits: What is not in a capture was not seen; it may still have been sent by another way, at another time, or where it could not be seen into. Cases made by different versions of klikspaan may know different services.
-- words: seen before after reason
WITH c AS (SELECT d.*, 0 AS elsewhere FROM traffic_data d WHERE d.what = 'telemetry' AND d.level = 'service' AND d.verdict = 'new'
UNION ALL SELECT h.*, coalesce(s.seen_before, 0) > 0 FROM traffic_data h JOIN traffic_data s ON s.what = 'telemetry' AND s.level = 'service' AND s.about = h.about AND s.decoder = h.decoder
WHERE h.what = 'telemetry' AND h.level = 'host' AND h.verdict = 'new' AND s.verdict <> 'new')
SELECT decoder || coalesce(' ' || nullif(about, ''), '') || CASE level WHEN 'host' THEN ' ' || recipient ELSE '' END AS subject, name, name_nl, service || CASE level WHEN 'host' THEN ' (' || recipient || ')' ELSE '' END AS whom, seen_after || ' of ' || captures_after || ' captures' AS seen,
       'not seen' || CASE WHEN dark_before > 0 THEN '; dark connections to it: ' || dark_before || ' of ' || connections_before || coalesce(' (' || why_before || ')', '') ELSE '' END AS before, seen_after || ' of ' || captures_after || ' captures' AS after,
       CASE WHEN enough THEN 'It is in every capture of the new side and in none of the old.' ELSE 'With fewer than three captures on each side this may be chance.' END ||
       CASE WHEN dark_before > 0 THEN ' Connections to it before: ' || connections_before || ', of which ' || dark_before || ' could not be seen into (' || coalesce(why_before, '') || '): it may have gone there unseen.'
            WHEN connections_before > 0 THEN ' Connections to it before: ' || connections_before || ', all seen into as far as they were recorded.'
            WHEN others_dark_before > 0 THEN ' No connection to it was seen before; of those to others, ' || others_dark_before || ' could not be seen into.'
            ELSE ' No connection to it was seen before.' END ||
       CASE WHEN elsewhere THEN ' It went to this service before, by another host.' ELSE '' END AS reason,
       CASE WHEN NOT enough OR elsewhere THEN 'info' WHEN dark_before = 0 AND about IN ('imei', 'imsi', 'iccid', 'serial', 'mac', 'phone_number', 'account', 'location', 'cell_id', 'wifi_network', 'installed_apps', 'visited_urls', 'search_words', 'typed_text', 'call_metadata', 'message_metadata') THEN 'medium' ELSE 'low' END AS severity, CASE WHEN dark_before > 0 OR elsewhere THEN 'other' ELSE 'more' END AS effect, CASE WHEN NOT enough THEN 2 WHEN about = '' THEN 14 ELSE 15 END AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM c
-- What stands in the messages says that there were some.
WHERE about <> '' OR NOT EXISTS (SELECT 1 FROM traffic_data f WHERE f.what = 'telemetry' AND f.decoder = c.decoder AND f.level = c.level AND f.recipient = c.recipient AND f.about <> '' AND f.verdict = c.verdict)
