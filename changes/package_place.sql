-- change: package_place
-- theme: rights
-- effect: more
-- severity: low
-- title.en: A package lies elsewhere
-- title.nl: Een pakket ligt ergens anders
-- says.en: {subject} moved: {after}, before {before}
-- says.nl: {subject} is verplaatst: {after}, eerst {before}
-- why.en: The place decides which rights the system may give.
-- why.nl: De plek bepaalt welke rechten het systeem mag geven.
-- words: before after
SELECT pp.app AS subject, coalesce(o.partition, '?') || CASE WHEN o.privileged = 1 THEN ', privileged' ELSE '' END AS before, coalesce(n.partition, '?') || CASE WHEN n.privileged = 1 THEN ', privileged' ELSE '' END AS after,
       CASE WHEN n.privileged = 1 AND o.privileged IS NOT 1 THEN 'medium' ELSE 'info' END AS severity, CASE WHEN n.privileged = 1 AND o.privileged IS NOT 1 THEN 'more' WHEN o.privileged = 1 AND n.privileged IS NOT 1 THEN 'less' ELSE 'other' END AS effect,
       o.fact_id AS before_fact, n.fact_id AS after_fact
FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id WHERE o.partition IS NOT n.partition OR o.privileged IS NOT n.privileged
