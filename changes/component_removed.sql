-- change: component_removed
-- theme: doors
-- effect: less
-- severity: info
-- title.en: A part of an app is gone
-- title.nl: Een deel van een app is weg
-- says.en: {app} does not have the {kind} {class} any more
-- says.nl: {app} heeft de {kind} {class} niet meer
-- why.en: What is gone cannot act.
-- why.nl: Wat weg is doet niets.
-- words: kind before
WITH o AS (SELECT * FROM old_part), n AS (SELECT * FROM new_part)
SELECT o.app || ' ' || o.class AS subject, o.app, o.kind, o.class, 'there' AS before, NULL AS after, o.f AS before_fact
FROM o LEFT JOIN n ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE n.app IS NULL AND o.open = 0 AND o.app IN (SELECT app FROM package_pair WHERE after_id IS NOT NULL)
