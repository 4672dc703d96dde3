-- change: domain_enforced
-- theme: selinux
-- effect: less
-- severity: info
-- title.en: SELinux holds a domain back again
-- title.nl: SELinux houdt een domein weer tegen
-- says.en: The domain {subject}{in} is enforced now
-- says.nl: Het domein {subject}{in} wordt nu gehandhaafd
-- why.en: A permissive domain was closed.
-- why.nl: Een permissive domein is dicht.
-- words: before after
WITH o AS (SELECT * FROM old_domain), n AS (SELECT * FROM new_domain)
SELECT o.domain AS subject, 'permissive' AS before, CASE WHEN max(n.domain) IS NULL THEN NULL ELSE 'enforced' END AS after, coalesce(' (' || group_concat(nullif(o.policy, ''), ', ') || ')', '') AS "in", min(o.f) AS before_fact, min(n.f) AS after_fact
FROM o LEFT JOIN n ON o.domain = n.domain AND o.policy = n.policy WHERE o.permissive = 1 AND coalesce(n.permissive, 0) = 0 AND o.policy IN (SELECT policy FROM new_domain) GROUP BY o.domain
