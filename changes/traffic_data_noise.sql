-- change: traffic_data_noise
-- theme: network
-- effect: other
-- severity: info
-- title.en: Identifiers and kinds of data that are in some captures only
-- title.nl: Identificaties en soorten gegevens die maar in sommige opnames staan
-- says.en: {things} pairs of data and recipient are in some captures of a side and not in all of it: no change is read from them
-- says.nl: {things} paren van gegevens en ontvanger staan in sommige opnames van een kant en niet in alle: daaruit wordt geen verandering gelezen
-- why.en: Traffic varies by itself. The table traffic_data of a diff in JSON has each of them with its counts.
-- why.nl: Verkeer wisselt vanzelf. De tabel traffic_data van een diff in JSON heeft ze elk met hun aantallen.
SELECT 'data that vary' AS subject, count(*) AS things, NULL AS before, count(*) || ' pairs' AS after, count(*) || ' paren' AS after_nl, 'info' AS severity, min(old_fact) AS before_fact, min(new_fact) AS after_fact
FROM traffic_data WHERE verdict = 'noise' AND seen_before * captures_after <> seen_after * captures_before AND (level IN ('owner', 'service') OR (level = 'host' AND what = 'leak' AND owner IS NULL)) HAVING count(*) > 0
