-- change: door_stays
-- theme: doors
-- effect: other
-- severity: info
-- title.en: A door stays open where another was closed
-- title.nl: Een deur blijft open waar een andere dichtging
-- says.en: The {kind} {class} of {app} stays open to every app{guard}
-- says.nl: De {kind} {class} van {app} blijft open voor elke app{guard_nl}
-- why.en: The update closed other parts of this app; this one it left. A clean-up that is not whole is a fact too.
-- why.nl: De update sloot andere delen van deze app; dit liet ze staan. Opruimen dat niet af is, is ook een feit.
-- limits: Screens are left out: an app without any that others may open cannot be started.
-- words: kind before after
-- needs: whole
WITH o AS (SELECT * FROM old_part), n AS (SELECT * FROM new_part),
     closed AS MATERIALIZED (SELECT DISTINCT o.app FROM o LEFT JOIN n ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE o.open = 1 AND coalesce(o.enabled, 1) = 1 AND o.kind NOT IN ('activity', 'alias') AND (n.app IS NULL OR n.open = 0 OR coalesce(n.enabled, 1) = 0)),
     d AS MATERIALIZED (SELECT pp.app, d.kind, d.entry, min(d.guard IS NOT NULL) AS guarded FROM package_pair pp JOIN new_open_door d ON d.package_id = pp.after_id GROUP BY 1, 2, 3)
SELECT n.app || ' ' || n.class AS subject, n.app, n.kind, n.class, 'open' AS before, 'open' AS after, CASE WHEN d.guarded = 1 THEN '; code behind it asks who called' ELSE '' END AS guard, CASE WHEN d.guarded = 1 THEN '; code erachter vraagt wie er roept' ELSE '' END AS guard_nl,
       50 AS weight, o.f AS before_fact, n.f AS after_fact
FROM n JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class JOIN closed c ON c.app = n.app LEFT JOIN d ON d.app = n.app AND d.kind = n.kind AND d.entry = n.class
WHERE n.open = 1 AND o.open = 1 AND coalesce(n.enabled, 1) = 1 AND coalesce(o.enabled, 1) = 1 AND n.kind NOT IN ('activity', 'alias')
