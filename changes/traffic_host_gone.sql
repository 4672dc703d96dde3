-- change: traffic_host_gone
-- theme: network
-- effect: less
-- severity: info
-- title.en: A host that was seen before is in no capture now
-- title.nl: Een host die eerder gezien werd, staat nu in geen enkele opname
-- says.en: {subject} was in {seen} before, and is in none now
-- says.nl: {subject} stond eerder in {seen_nl}, en nu in geen
-- why.en: {reason}
-- why.nl: {reason_nl}
-- limits: What is not in a capture was not seen; it may still have been contacted by another way or at another time.
SELECT name AS subject, seen_before || ' of ' || captures_before || ' captures' || CASE WHEN what = 'clear' THEN ', in the clear' ELSE '' END AS seen, seen_before || ' van ' || captures_before || ' opnames' || CASE WHEN what = 'clear' THEN ', onversleuteld' ELSE '' END AS seen_nl,
       CASE WHEN enough THEN 'It is in every capture of the old side and in none of the new.' ELSE 'With fewer than three captures on each side this may be chance.' END AS reason,
       CASE WHEN enough THEN 'Hij staat in elke opname van de oude kant en in geen van de nieuwe.' ELSE 'Met minder dan drie opnames aan elke kant kan dit toeval zijn.' END AS reason_nl,
       what || ': ' || bytes_before || ' bytes' AS before, what || ': ' || bytes_before || ' bytes' AS before_nl, NULL AS after, 'info' AS severity, CASE WHEN enough THEN 10 ELSE 1 END AS weight, old_fact AS before_fact
FROM traffic_seen WHERE verdict = 'gone'
