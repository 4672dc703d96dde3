-- change: property_changed
-- theme: build
-- effect: other
-- severity: info
-- title.en: A property of the build is another
-- title.nl: Een eigenschap van de build is anders
-- says.en: {subject} is {after}; before {before}
-- says.nl: {subject} is {after}; eerst {before}
-- why.en: Properties name versions and switch functions; those that guard the system are told apart.
-- why.nl: Eigenschappen noemen versies en schakelen functies; die het systeem beschermen worden apart genoemd.
WITH o AS (SELECT * FROM old_value), n AS (SELECT * FROM new_value)
SELECT coalesce(n.name, o.name) AS subject, o.v AS before, n.v AS after, o.f AS before_fact, n.f AS after_fact
FROM n FULL OUTER JOIN o ON o.scope = n.scope AND o.name = n.name WHERE coalesce(n.scope, o.scope) = 'prop' AND o.v IS NOT n.v
