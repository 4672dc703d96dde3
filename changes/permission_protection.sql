-- change: permission_protection
-- theme: rights
-- effect: more
-- severity: medium
-- title.en: A permission is guarded otherwise
-- title.nl: Een toestemming is anders beschermd
-- says.en: {subject} has protection {after}; before {before}
-- says.nl: {subject} heeft bescherming {after}; eerst {before}
-- why.en: Everything that this permission guards is open to whoever may get it now.
-- why.nl: Alles wat deze toestemming bewaakt staat open voor wie haar nu kan krijgen.
-- words: before after
-- needs: whole
WITH s AS (SELECT 0), o AS MATERIALIZED (SELECT permission, max(protection) AS p, max(assumed) AS assumed, min(fact_id) AS f FROM old_permission_definition GROUP BY permission),
     n AS MATERIALIZED (SELECT permission, max(protection) AS p, max(assumed) AS assumed, min(fact_id) AS f FROM new_permission_definition GROUP BY permission)
SELECT n.permission AS subject, coalesce(o.p, 'not said') AS before, coalesce(n.p, 'not said') AS after,
       CASE WHEN (o.p LIKE 'signature%' OR o.p LIKE 'internal%') AND NOT (n.p LIKE 'signature%' OR n.p LIKE 'internal%') THEN 'high' WHEN o.p LIKE 'dangerous%' AND n.p LIKE 'normal%' THEN 'high'
            WHEN n.p LIKE 'signature%' AND NOT o.p LIKE 'signature%' THEN 'info' ELSE 'medium' END AS severity,
       CASE WHEN n.p LIKE 'signature%' AND NOT o.p LIKE 'signature%' THEN 'less' ELSE 'more' END AS effect, o.f AS before_fact, n.f AS after_fact
FROM n JOIN o ON o.permission = n.permission WHERE o.p IS NOT n.p AND o.assumed IS n.assumed
