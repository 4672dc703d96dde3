-- change: target_sdk_lowered
-- theme: rights
-- effect: more
-- severity: low
-- title.en: A package asks for older rules
-- title.nl: Een pakket vraagt oudere regels
-- says.en: {subject} is made for API {after}; before for {before}
-- says.nl: {subject} is gemaakt voor API {after}; eerst voor {before}
-- why.en: Older rules give wider rights.
-- why.nl: Oudere regels geven ruimere rechten.
SELECT pp.app AS subject, o.target_sdk AS before, n.target_sdk AS after, o.fact_id AS before_fact, n.fact_id AS after_fact
FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id WHERE n.target_sdk < o.target_sdk
