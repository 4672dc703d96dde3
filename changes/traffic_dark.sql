-- change: traffic_dark
-- theme: network
-- effect: other
-- severity: info
-- title.en: Another share of the traffic could not be seen into
-- title.nl: In een ander deel van het verkeer kon niet worden gekeken
-- says.en: What went out and could not be seen into: before {before}; now {after}
-- says.nl: Wat naar buiten ging en waarin niet kon worden gekeken: eerder {before_nl}; nu {after_nl}
-- why.en: What is not seen where more stayed dark may be hidden rather than gone, and what is new where less did may have been there before.
-- why.nl: Wat niet gezien wordt waar meer donker bleef kan verborgen zijn in plaats van weg, en wat nieuw is waar minder donker bleef kan er eerder al geweest zijn.
-- limits: Keys at hand for one side only make it a change too. Told from a tenth of the connections or of the bytes on.
SELECT 'what stayed dark' AS subject, (100 * dark_bytes_before / max(bytes_before, 1)) || '% of the bytes, ' || dark_before || ' of ' || connections_before || ' connections' || coalesce(' (' || (SELECT group_concat(said, ', ') FROM (SELECT reason || ' ' || dark_before AS said FROM traffic_dark WHERE reason <> 'all' AND dark_before > 0 ORDER BY reason)) || ')', '') AS before,
       (100 * dark_bytes_before / max(bytes_before, 1)) || '% van de bytes, ' || dark_before || ' van ' || connections_before || ' verbindingen' || coalesce(' (' || (SELECT group_concat(said, ', ') FROM (SELECT reason || ' ' || dark_before AS said FROM traffic_dark WHERE reason <> 'all' AND dark_before > 0 ORDER BY reason)) || ')', '') AS before_nl,
       (100 * dark_bytes_after / max(bytes_after, 1)) || '% of the bytes, ' || dark_after || ' of ' || connections_after || ' connections' || coalesce(' (' || (SELECT group_concat(said, ', ') FROM (SELECT reason || ' ' || dark_after AS said FROM traffic_dark WHERE reason <> 'all' AND dark_after > 0 ORDER BY reason)) || ')', '') AS after,
       (100 * dark_bytes_after / max(bytes_after, 1)) || '% van de bytes, ' || dark_after || ' van ' || connections_after || ' verbindingen' || coalesce(' (' || (SELECT group_concat(said, ', ') FROM (SELECT reason || ' ' || dark_after AS said FROM traffic_dark WHERE reason <> 'all' AND dark_after > 0 ORDER BY reason)) || ')', '') AS after_nl,
       CASE verdict WHEN 'same' THEN 20 ELSE 40 END AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM traffic_dark WHERE reason = 'all' AND EXISTS (SELECT 1 FROM traffic_dark WHERE verdict <> 'same')
