-- change: version_lowered
-- theme: updates
-- effect: more
-- severity: medium
-- title.en: A package has a lower version
-- title.nl: Een pakket heeft een lagere versie
-- says.en: {subject} went back from version {before} to {after}
-- says.nl: {subject} ging terug van versie {before} naar {after}
-- why.en: An older version may bring back what was repaired.
-- why.nl: Een oudere versie kan terugbrengen wat verholpen was.
SELECT pp.app AS subject, o.version_code || coalesce(' (' || o.version_name || ')', '') AS before, n.version_code || coalesce(' (' || n.version_name || ')', '') AS after, o.fact_id AS before_fact, n.fact_id AS after_fact
FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id WHERE n.version_code < o.version_code
