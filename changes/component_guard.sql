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
WITH o AS (SELECT * FROM old_part), n AS (SELECT * FROM new_part),
     -- 1: everybody may hold it, as everybody may declare a permission that nobody did; 3: only the system's own. Of the old build nothing is assumed.
     d AS MATERIALIZED (SELECT permission, max(protection) AS p FROM new_permission_definition GROUP BY permission),
     e AS MATERIALIZED (SELECT permission, max(protection) AS p FROM old_permission_definition GROUP BY permission),
     both AS MATERIALIZED (SELECT n.app, n.kind, n.class, coalesce(o.permission, '') || coalesce(' read ' || o.r, '') || coalesce(' write ' || o.w, '') AS before, coalesce(n.permission, '') || coalesce(' read ' || n.r, '') || coalesce(' write ' || n.w, '') AS after,
            nullif(o.permission, '') AS op, nullif(o.r, '') AS "or", nullif(o.w, '') AS ow, nullif(n.permission, '') AS np, nullif(n.r, '') AS nr, nullif(n.w, '') AS nw, o.f AS f, n.f AS g
            FROM n JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE n.open = 0 AND o.open = 0 AND n.exported = 1 AND o.exported = 1),
     -- What stands for reading or writing a provider goes before what stands for both.
     ways AS (SELECT app, kind, class, CASE kind WHEN 'provider' THEN coalesce("or", op) ELSE op END AS was, CASE kind WHEN 'provider' THEN coalesce(nr, np) ELSE np END AS "is" FROM both WHERE before <> after
            UNION ALL SELECT app, kind, class, coalesce(ow, op), coalesce(nw, np) FROM both WHERE before <> after AND kind = 'provider'),
     graded AS (SELECT w.*, coalesce(e.p, 'unknown') AS old_protection, coalesce(d.p, 'unknown') AS new_protection, CASE WHEN e.p LIKE 'normal%' THEN 1 WHEN e.p LIKE 'dangerous%' THEN 2 WHEN e.p LIKE 'signature%' OR e.p LIKE 'internal%' THEN 3 END AS old_grade,
            CASE WHEN d.p LIKE 'dangerous%' THEN 2 WHEN d.p LIKE 'signature%' OR d.p LIKE 'internal%' THEN 3 ELSE 1 END AS new_grade FROM ways w LEFT JOIN e ON e.permission = w.was LEFT JOIN d ON d.permission = w."is" WHERE w.was IS NOT w."is"),
     judged AS (SELECT *, CASE WHEN new_grade < old_grade THEN 'more' WHEN new_grade > old_grade THEN 'less' ELSE 'other' END AS effect,
            CASE WHEN new_grade < old_grade THEN CASE old_grade WHEN 3 THEN 4 ELSE 3 END WHEN new_grade > old_grade OR new_grade = 3 THEN 1 ELSE 2 END AS grave FROM graded),
     worst AS (SELECT *, row_number() OVER (PARTITION BY app, kind, class ORDER BY grave DESC, new_protection, old_protection) AS place FROM judged)
SELECT b.app || ' ' || b.class AS subject, b.app, b.kind, b.class, b.before, b.after, j.new_protection AS protection, j.old_protection AS protection_before, j.effect, CASE j.grave WHEN 4 THEN 'high' WHEN 3 THEN 'medium' WHEN 2 THEN 'low' ELSE 'info' END AS severity, b.f AS before_fact, b.g AS after_fact
FROM both b JOIN worst j ON j.app = b.app AND j.kind = b.kind AND j.class = b.class AND j.place = 1
