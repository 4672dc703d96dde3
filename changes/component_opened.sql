-- change: component_opened
-- theme: doors
-- effect: more
-- severity: medium
-- title.en: A part of an app is open to every app
-- title.nl: Een deel van een app staat open voor elke app
-- says.en: Every app can now reach the {kind} {class} of {app}; before: {before}
-- says.nl: Elke app kan nu bij de {kind} {class} van {app}; eerst: {before}
-- why.en: No permission is asked. What it does with what it is sent is not shown by this.
-- why.nl: Er wordt geen toestemming gevraagd. Wat het doet met wat het krijgt blijkt hier niet uit.
-- words: kind before after
WITH o AS (SELECT * FROM old_part), n AS (SELECT * FROM new_part)
SELECT n.app || ' ' || n.class AS subject, n.app, n.kind, n.class, CASE WHEN o.app IS NULL THEN 'not there' WHEN o.exported = 1 THEN 'asked ' || coalesce(o.permission, o.r, o.w, '?') ELSE 'not exported' END AS before, 'open' || coalesce(': ' || n.action, '') AS after,
       CASE WHEN n.kind IN ('activity', 'alias') THEN CASE WHEN coalesce(n.system, 0) AND o.exported = 1 THEN 'medium' ELSE 'low' END WHEN coalesce(n.system, 0) OR o.exported = 1 THEN 'high' WHEN n.privileged = 1 OR n.kind = 'provider' THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN n.kind = 'provider' THEN 60 WHEN n.kind IN ('receiver', 'service') THEN 55 ELSE 10 END AS weight, o.f AS before_fact, n.f AS after_fact
FROM n LEFT JOIN o ON o.app = n.app AND o.kind = n.kind AND o.class = n.class WHERE n.open = 1 AND coalesce(n.enabled, 1) = 1 AND (o.app IS NULL OR o.open = 0 OR coalesce(o.enabled, 1) = 0)
