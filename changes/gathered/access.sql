-- gathered: access
-- says: What SELinux lets apps reach, one row per permission.
WITH RECURSIVE x(domain, target, class, note, f, rest, p) AS (SELECT domain, target, class, coalesce(note, ''), fact_id, trim(permissions) || ' ', '' FROM SIDE_selinux_access
  UNION ALL SELECT domain, target, class, note, f, substr(rest, instr(rest, ' ') + 1), substr(rest, 1, instr(rest, ' ') - 1) FROM x WHERE rest <> '')
SELECT domain, target, class, p, max(note) AS note, min(f) AS f FROM x WHERE p <> '' GROUP BY 1, 2, 3, 4
