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
WITH o AS MATERIALIZED (SELECT scope, name, group_concat(value, '; ') AS v, count(*) AS k, min(fact_id) AS f FROM (SELECT DISTINCT scope, name, coalesce(value, '') AS value, fact_id FROM old_setting ORDER BY scope, name, value) GROUP BY scope, name),
     n AS MATERIALIZED (SELECT scope, name, group_concat(value, '; ') AS v, count(*) AS k, min(fact_id) AS f FROM (SELECT DISTINCT scope, name, coalesce(value, '') AS value, fact_id FROM new_setting ORDER BY scope, name, value) GROUP BY scope, name)
SELECT coalesce(n.name, o.name) AS subject, o.v AS before, n.v AS after, o.f AS before_fact, n.f AS after_fact
FROM n FULL OUTER JOIN o ON o.scope = n.scope AND o.name = n.name WHERE coalesce(n.scope, o.scope) = 'prop' AND o.v IS NOT n.v
