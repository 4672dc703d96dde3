-- change: access_narrowed
-- theme: selinux
-- effect: less
-- severity: info
-- title.en: SELinux lets less happen
-- title.nl: SELinux laat minder toe
-- says.en: {domain} may not {p} {target} ({class}) any more
-- says.nl: {domain} mag niet meer {p} op {target} ({class})
-- why.en: Less is possible than before.
-- why.nl: Er kan minder dan eerst.
WITH o AS (SELECT * FROM old_access), n AS (SELECT * FROM new_access)
SELECT o.domain || ' ' || o.target || ' ' || o.class AS subject, o.domain, o.target, o.class, group_concat(o.p, ' ') AS p, group_concat(o.p, ' ') AS before, NULL AS after, min(o.f) AS before_fact
FROM o WHERE EXISTS (SELECT 1 FROM n) AND NOT EXISTS (SELECT 1 FROM n WHERE o.domain = n.domain AND o.target = n.target AND o.class = n.class AND o.p = n.p) GROUP BY o.domain, o.target, o.class
