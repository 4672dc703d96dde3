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
WITH RECURSIVE ox(domain, target, class, note, f, rest, p) AS (SELECT domain, target, class, coalesce(note, ''), fact_id, trim(permissions) || ' ', '' FROM old_selinux_access UNION ALL SELECT domain, target, class, note, f, substr(rest, instr(rest, ' ') + 1), substr(rest, 1, instr(rest, ' ') - 1) FROM ox WHERE rest <> ''),
     nx(domain, target, class, note, f, rest, p) AS (SELECT domain, target, class, coalesce(note, ''), fact_id, trim(permissions) || ' ', '' FROM new_selinux_access UNION ALL SELECT domain, target, class, note, f, substr(rest, instr(rest, ' ') + 1), substr(rest, 1, instr(rest, ' ') - 1) FROM nx WHERE rest <> ''),
     o AS MATERIALIZED (SELECT domain, target, class, p, min(f) AS f FROM ox WHERE p <> '' GROUP BY 1, 2, 3, 4), n AS MATERIALIZED (SELECT domain, target, class, p,  1 AS k FROM nx WHERE p <> '' GROUP BY 1, 2, 3, 4)
SELECT o.domain || ' ' || o.target || ' ' || o.class AS subject, o.domain, o.target, o.class, group_concat(o.p, ' ') AS p, group_concat(o.p, ' ') AS before, NULL AS after, min(o.f) AS before_fact
FROM o WHERE EXISTS (SELECT 1 FROM n) AND NOT EXISTS (SELECT 1 FROM n WHERE o.domain = n.domain AND o.target = n.target AND o.class = n.class AND o.p = n.p) GROUP BY o.domain, o.target, o.class
