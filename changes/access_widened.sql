-- change: access_widened
-- theme: selinux
-- effect: more
-- severity: medium
-- title.en: SELinux lets more happen
-- title.nl: SELinux laat meer toe
-- says.en: {domain} may now {p} {target} ({class}){by}
-- says.nl: {domain} mag nu {p} op {target} ({class}){by_nl}
-- why.en: {reason}
-- why.nl: {reason}
-- limits: What apps may reach, and where AOSP forbids it; rules between parts of the system are in policy_rule_added.
-- words: reason
WITH o AS (SELECT * FROM old_access), n AS (SELECT * FROM new_access),
     -- Each policy by its own counterpart: recovery may do what the phone may not. One without a counterpart by all of them.
     fresh AS MATERIALIZED (SELECT domain, target, class, policy, group_concat(p, ' ') AS p, max(note) AS note, min(f) AS f
            FROM (SELECT * FROM n WHERE EXISTS (SELECT 1 FROM o) AND NOT EXISTS (SELECT 1 FROM o WHERE o.domain = n.domain AND o.target = n.target AND o.class = n.class AND o.p = n.p AND (o.policy = n.policy OR n.policy NOT IN (SELECT policy FROM old_access))) ORDER BY p)
            GROUP BY domain, target, class, policy)
SELECT n.domain || ' ' || n.target || ' ' || n.class AS subject, n.domain, n.target, n.class, n.p, NULL AS before, n.p AS after, coalesce(', by ' || group_concat(nullif(n.policy, ''), ', '), '') AS "by", coalesce(', volgens ' || group_concat(nullif(n.policy, ''), ', '), '') AS by_nl,
       CASE WHEN max(n.note) <> '' THEN 'high' WHEN n.domain LIKE 'untrusted%' OR n.domain = 'appdomain' THEN CASE WHEN n.class IN ('chr_file', 'blk_file', 'unix_stream_socket', 'sock_file') THEN 'high' ELSE 'medium' END ELSE 'medium' END AS severity,
       CASE WHEN max(n.note) <> '' THEN 'AOSP''s policy forbids this: ' || max(n.note) ELSE 'Other barriers, such as file modes, may still forbid it.' END AS reason, min(n.f) AS after_fact
FROM fresh n GROUP BY n.domain, n.target, n.class, n.p
