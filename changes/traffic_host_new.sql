-- change: traffic_host_new
-- theme: network
-- effect: more
-- severity: low
-- title.en: A host is seen that was in no capture before
-- title.nl: Een host wordt gezien die eerder in geen enkele opname stond
-- says.en: {subject} was contacted in {seen}
-- says.nl: Met {subject} was contact in {seen_nl}
-- why.en: {reason}
-- why.nl: {reason_nl}
-- limits: What is not in a capture was not seen; it may still have been contacted by another way or at another time.
SELECT name AS subject, seen_after || ' of ' || captures_after || ' captures' || CASE WHEN what = 'clear' THEN ', in the clear' ELSE '' END AS seen, seen_after || ' van ' || captures_after || ' opnames' || CASE WHEN what = 'clear' THEN ', onversleuteld' ELSE '' END AS seen_nl,
       CASE WHEN enough THEN 'It is in every capture of the new side and in none of the old.' ELSE 'With fewer than three captures on each side this may be chance.' END AS reason,
       CASE WHEN enough THEN 'Hij staat in elke opname van de nieuwe kant en in geen van de oude.' ELSE 'Met minder dan drie opnames aan elke kant kan dit toeval zijn.' END AS reason_nl,
       NULL AS before, what || ': ' || bytes_after || ' bytes' AS after, what || ': ' || bytes_after || ' bytes' AS after_nl, CASE WHEN NOT enough THEN 'info' WHEN what = 'clear' THEN 'medium' ELSE 'low' END AS severity, CASE what WHEN 'clear' THEN 20 ELSE 10 END AS weight, new_fact AS after_fact
FROM traffic_seen t WHERE verdict = 'new' AND NOT (what = 'host' AND EXISTS (SELECT 1 FROM traffic_seen c WHERE c.what = 'clear' AND c.name = t.name AND c.verdict = 'new'))
