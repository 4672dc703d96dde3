-- change: traffic_volume
-- theme: network
-- effect: other
-- severity: info
-- title.en: A host is sent another amount than before
-- title.nl: Naar een host gaat een andere hoeveelheid dan eerder
-- says.en: To {subject} go {after}; before {before}
-- says.nl: Naar {subject} gaat {after_nl}; eerder {before_nl}
-- why.en: Shuffled captures differ as much {chance} times in a thousand.
-- why.nl: Verwisselde opnames verschillen {chance} op de duizend keer evenveel.
-- limits: Asked only with three captures or more on each side.
SELECT name AS subject, bytes_before || ' bytes a capture' AS before, bytes_before || ' bytes per opname' AS before_nl, bytes_after || ' bytes a capture' AS after, bytes_after || ' bytes per opname' AS after_nl, chance,
       CASE WHEN bytes_after > bytes_before THEN 'more' ELSE 'less' END AS effect, 'info' AS severity, CASE WHEN bytes_after > bytes_before THEN 10 ELSE 5 END AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM traffic_seen WHERE verdict = 'volume' AND what = 'host'
