-- gathered: access
-- says: What SELinux lets apps reach, one row per permission and policy.
WITH RECURSIVE x(domain, target, class, policy, note, f, rest, p) AS (SELECT a.domain, a.target, a.class, coalesce(w.policy, ''), coalesce(a.note, ''), a.fact_id, trim(a.permissions) || ' ', '' FROM SIDE_selinux_access a LEFT JOIN SIDE_policy_of w ON w.artifact_id = a.artifact_id
  UNION ALL SELECT domain, target, class, policy, note, f, substr(rest, instr(rest, ' ') + 1), substr(rest, 1, instr(rest, ' ') - 1) FROM x WHERE rest <> '')
SELECT domain, target, class, p, policy, max(note) AS note, min(f) AS f FROM x WHERE p <> '' GROUP BY 1, 2, 3, 4, 5
