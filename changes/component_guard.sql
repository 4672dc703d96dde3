-- change: component_guard
-- theme: doors
-- effect: more
-- severity: low
-- title.en: A part of an app asks another permission
-- title.nl: Een deel van een app vraagt een andere toestemming
-- says.en: The {kind} {class} of {app} asks {after}; before {before}
-- says.nl: De {kind} {class} van {app} vraagt {after}; eerst {before}
-- why.en: Who holds the new permission comes in. Its protection: {protection}; that of the old one: {protection_before}.
-- why.nl: Wie de nieuwe toestemming heeft komt binnen. Haar bescherming: {protection}; die van de oude: {protection_before}.
-- words: kind protection protection_before
-- needs: whole
WITH o AS (SELECT * FROM old_part), n AS (SELECT * FROM new_part)
, d AS MATERIALIZED (SELECT permission, max(protection) AS p FROM new_permission_definition GROUP BY permission),
     e AS MATERIALIZED (SELECT permission, max(protection) AS p FROM old_permission_definition GROUP BY permission)
SELECT n.app || ' ' || n.class AS subject, n.app, n.kind, n.class, concat_parts.b AS before, concat_parts.a AS after, coalesce(d.p, 'unknown') AS protection, coalesce(e.p, 'unknown') AS protection_before,
       CASE WHEN e.p LIKE 'signature%' AND NOT coalesce(d.p, '') LIKE 'signature%' THEN 'high' WHEN d.p LIKE 'signature%' THEN 'info' ELSE 'low' END AS severity, CASE WHEN d.p LIKE 'signature%' AND NOT coalesce(e.p, '') LIKE 'signature%' THEN 'less' ELSE 'more' END AS effect, o.f AS before_fact, n.f AS after_fact
FROM n JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class
JOIN (SELECT n2.app, n2.kind, n2.class, coalesce(o2.permission, '') || coalesce(' read ' || o2.r, '') || coalesce(' write ' || o2.w, '') AS b, coalesce(n2.permission, '') || coalesce(' read ' || n2.r, '') || coalesce(' write ' || n2.w, '') AS a
      FROM n n2 JOIN o o2 ON o2.app = n2.app AND o2.kind = n2.kind AND o2.class = n2.class) concat_parts ON concat_parts.app = n.app AND concat_parts.kind = n.kind AND concat_parts.class = n.class
LEFT JOIN d ON d.permission = coalesce(n.permission, n.r, n.w) LEFT JOIN e ON e.permission = coalesce(o.permission, o.r, o.w)
WHERE concat_parts.a <> concat_parts.b AND n.open = 0 AND o.open = 0 AND n.exported = 1 AND o.exported = 1
