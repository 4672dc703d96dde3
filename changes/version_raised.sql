-- change: version_raised
-- theme: updates
-- effect: other
-- severity: info
-- title.en: A package has a higher version
-- title.nl: Een pakket heeft een hogere versie
-- says.en: {subject} went from version {before} to {after}
-- says.nl: {subject} ging van versie {before} naar {after}
-- why.en: What every update does.
-- why.nl: Wat elke update doet.
SELECT pp.app AS subject, o.version_code || coalesce(' (' || o.version_name || ')', '') AS before, n.version_code || coalesce(' (' || n.version_name || ')', '') AS after, o.fact_id AS before_fact, n.fact_id AS after_fact
FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id WHERE n.version_code > o.version_code
