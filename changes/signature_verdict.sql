-- change: signature_verdict
-- theme: keys
-- effect: more
-- severity: medium
-- title.en: Android judges the signature of a package otherwise
-- title.nl: Android oordeelt anders over de handtekening van een pakket
-- says.en: The signature of {subject} was {before} and is {after}
-- says.nl: De handtekening van {subject} was {before} en is {after}
-- why.en: A package that Android would not install by itself was put there by somebody who writes the system.
-- why.nl: Een pakket dat Android zelf niet zou installeren is daar neergezet door wie het systeem schrijft.
-- words: before after
WITH o AS MATERIALIZED (SELECT package_id, group_concat(DISTINCT verdict) AS v, group_concat(DISTINCT scheme) AS s, min(fact_id) AS f FROM (SELECT * FROM old_signature ORDER BY verdict, scheme) GROUP BY package_id),
     n AS MATERIALIZED (SELECT package_id, group_concat(DISTINCT verdict) AS v, group_concat(DISTINCT scheme) AS s, min(fact_id) AS f FROM (SELECT * FROM new_signature ORDER BY verdict, scheme) GROUP BY package_id)
SELECT pp.app AS subject, o.v AS before, n.v AS after, CASE WHEN n.v = 'verified' THEN 'info' WHEN o.v LIKE '%rejected%' AND n.v LIKE '%rejected%' THEN 'low' ELSE 'medium' END AS severity,
       CASE WHEN n.v = 'verified' THEN 'less' ELSE 'more' END AS effect, o.f AS before_fact, n.f AS after_fact
FROM package_pair pp JOIN o ON o.package_id = pp.before_id JOIN n ON n.package_id = pp.after_id WHERE o.v IS NOT n.v
