-- change: access_narrowed
-- theme: selinux
-- effect: less
-- severity: info
-- title.en: SELinux lets less happen
-- title.nl: SELinux laat minder toe
-- says.en: {domain} may not {p} {target} ({class}) any more{by}
-- says.nl: {domain} mag niet meer {p} op {target} ({class}){by_nl}
-- why.en: Less is possible than before.
-- why.nl: Er kan minder dan eerst.
WITH o AS (SELECT * FROM old_access), n AS (SELECT * FROM new_access),
     gone AS MATERIALIZED (SELECT domain, target, class, policy, group_concat(p, ' ') AS p, min(f) AS f
            FROM (SELECT * FROM o WHERE EXISTS (SELECT 1 FROM n) AND NOT EXISTS (SELECT 1 FROM n WHERE o.domain = n.domain AND o.target = n.target AND o.class = n.class AND o.p = n.p AND (o.policy = n.policy OR o.policy NOT IN (SELECT policy FROM new_access))) ORDER BY p)
            GROUP BY domain, target, class, policy)
SELECT o.domain || ' ' || o.target || ' ' || o.class AS subject, o.domain, o.target, o.class, o.p, o.p AS before, NULL AS after, coalesce(', by ' || group_concat(nullif(o.policy, ''), ', '), '') AS "by", coalesce(', volgens ' || group_concat(nullif(o.policy, ''), ', '), '') AS by_nl, min(o.f) AS before_fact
FROM gone o GROUP BY o.domain, o.target, o.class, o.p
