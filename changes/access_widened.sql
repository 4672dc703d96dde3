-- change: access_widened
-- theme: selinux
-- effect: more
-- severity: medium
-- title.en: SELinux lets more happen
-- title.nl: SELinux laat meer toe
-- says.en: {domain} may now {p} {target} ({class})
-- says.nl: {domain} mag nu {p} op {target} ({class})
-- why.en: {reason}
-- why.nl: {reason}
-- limits: What apps may reach, and where AOSP forbids it; rules between parts of the system are in policy_rule_added.
-- words: reason
WITH o AS (SELECT * FROM old_access), n AS (SELECT * FROM new_access)
SELECT n.domain || ' ' || n.target || ' ' || n.class AS subject, n.domain, n.target, n.class, group_concat(n.p, ' ') AS p, NULL AS before, group_concat(n.p, ' ') AS after,
       CASE WHEN n.note <> '' THEN 'high' WHEN n.domain LIKE 'untrusted%' OR n.domain = 'appdomain' THEN CASE WHEN n.class IN ('chr_file', 'blk_file', 'unix_stream_socket', 'sock_file') THEN 'high' ELSE 'medium' END ELSE 'medium' END AS severity,
       CASE WHEN n.note <> '' THEN 'AOSP''s policy forbids this: ' || n.note ELSE 'Other barriers, such as file modes, may still forbid it.' END AS reason, min(n.f) AS after_fact
FROM n WHERE EXISTS (SELECT 1 FROM o) AND NOT EXISTS (SELECT 1 FROM o WHERE o.domain = n.domain AND o.target = n.target AND o.class = n.class AND o.p = n.p) GROUP BY n.domain, n.target, n.class
