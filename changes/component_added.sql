-- change: component_added
-- theme: doors
-- effect: other
-- severity: info
-- title.en: An app has a new part
-- title.nl: Een app heeft een nieuw deel
-- says.en: {app} has a new {kind}: {class}
-- says.nl: {app} heeft een nieuw onderdeel ({kind}): {class}
-- why.en: No other app can reach it without a permission; it may run by itself.
-- why.nl: Geen andere app kan erbij zonder toestemming; het kan uit zichzelf draaien.
-- words: kind after
WITH o AS (SELECT * FROM old_part), n AS (SELECT * FROM new_part)
SELECT n.app || ' ' || n.class AS subject, n.app, n.kind, n.class, NULL AS before, coalesce('asks ' || n.permission, 'for itself') || coalesce(', ' || n.action, '') AS after, n.f AS after_fact
FROM n LEFT JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE o.app IS NULL AND n.open = 0 AND n.app IN (SELECT app FROM package_pair WHERE before_id IS NOT NULL)
