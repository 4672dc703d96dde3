-- change: component_switched
-- theme: doors
-- effect: other
-- severity: low
-- title.en: A part of an app is switched on or off
-- title.nl: Een deel van een app is aan- of uitgezet
-- says.en: The {kind} {class} of {app} is {after}; before {before}
-- says.nl: De {kind} {class} van {app} staat {after}; eerst {before}
-- why.en: What is off protects nobody; what is on may act.
-- why.nl: Wat uit staat beschermt niemand; wat aan staat kan iets doen.
-- words: kind before after
WITH o AS (SELECT * FROM old_part), n AS (SELECT * FROM new_part)
SELECT n.app || ' ' || n.class AS subject, n.app, n.kind, n.class, CASE o.enabled WHEN 1 THEN 'on' WHEN 0 THEN 'off' ELSE 'not known' END AS before, CASE n.enabled WHEN 1 THEN 'on' WHEN 0 THEN 'off' ELSE 'not known' END AS after, o.f AS before_fact, n.f AS after_fact
FROM n JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE o.enabled IS NOT n.enabled
