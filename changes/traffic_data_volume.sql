-- change: traffic_data_volume
-- theme: network
-- effect: other
-- severity: info
-- title.en: An identifier or a kind of data is seen more or less often than before
-- title.nl: Een identificatie of een soort gegevens wordt vaker of minder vaak gezien dan eerder
-- says.en: {name} was seen to go to {whom} in {after}; before in {before}
-- says.nl: {name_nl} is gezien op weg naar {whom} in {after_nl}; eerder in {before_nl}
-- why.en: Shuffled captures differ as much {chance} times in a thousand. Connections to it that could not be seen into: {dark_before} before, {dark_after} now; more may have gone there than was seen.
-- why.nl: Verwisselde opnames verschillen {chance} op de duizend keer evenveel. Verbindingen ermee die niet in te zien waren: {dark_before} eerder, {dark_after} nu; er kan meer heen gegaan zijn dan gezien is.
-- limits: Asked only with three captures or more on each side.
SELECT coalesce(decoder || ' ', '') || about || CASE what WHEN 'leak' THEN ' ' || recipient ELSE '' END AS subject, name, name_nl, coalesce(service, recipient) AS whom, chance, dark_before, dark_after,
       format('%.1f', times_before / 1000.0) || ' messages a capture' AS before, format('%.1f', times_before / 1000.0) || ' berichten per opname' AS before_nl,
       format('%.1f', times_after / 1000.0) || ' messages a capture' AS after, format('%.1f', times_after / 1000.0) || ' berichten per opname' AS after_nl,
       CASE WHEN dark_before > 0 OR dark_after > 0 THEN 'other' WHEN times_after > times_before THEN 'more' ELSE 'less' END AS effect, CASE WHEN times_after > times_before THEN 12 ELSE 6 END AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM traffic_data WHERE verdict = 'volume' AND about <> '' AND (level IN ('owner', 'service') OR (level = 'host' AND what = 'leak' AND owner IS NULL))
