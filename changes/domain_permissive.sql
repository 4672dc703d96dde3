-- change: domain_permissive
-- theme: selinux
-- effect: more
-- severity: high
-- title.en: SELinux holds a domain back no more
-- title.nl: SELinux houdt een domein niet meer tegen
-- says.en: What runs in the domain {subject}{in} is not held back by SELinux any more
-- says.nl: Wat in het domein {subject}{in} draait wordt niet meer door SELinux tegengehouden
-- why.en: A permissive domain may do whatever its user may; the policy only writes it down.
-- why.nl: Een permissive domein mag alles wat zijn gebruiker mag; het beleid schrijft het alleen op.
-- words: before after
WITH o AS (SELECT * FROM old_domain), n AS (SELECT * FROM new_domain),
     -- Each policy by its own counterpart; one without by all of them.
     w AS (SELECT n.domain, n.policy, n.f AS after_fact, (SELECT min(o.f) FROM o WHERE o.domain = n.domain AND o.policy = n.policy) AS before_fact FROM n WHERE n.permissive = 1
           AND NOT EXISTS (SELECT 1 FROM o WHERE o.domain = n.domain AND o.permissive = 1 AND (o.policy = n.policy OR n.policy NOT IN (SELECT policy FROM old_domain))))
SELECT domain AS subject, CASE WHEN max(before_fact) IS NULL THEN NULL ELSE 'enforced' END AS before, 'permissive' AS after, coalesce(' (' || group_concat(nullif(policy, ''), ', ') || ')', '') AS "in", 70 AS weight, min(before_fact) AS before_fact, min(after_fact) AS after_fact FROM w GROUP BY domain
