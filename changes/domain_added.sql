-- change: domain_added
-- theme: selinux
-- effect: other
-- severity: info
-- title.en: A SELinux domain is new
-- title.nl: Een SELinux-domein is nieuw
-- says.en: The domain {subject} is new
-- says.nl: Het domein {subject} is nieuw
-- why.en: A new kind of process; what it may do is in the policy.
-- why.nl: Een nieuw soort proces; wat het mag staat in het beleid.
-- words: after
WITH o AS (SELECT * FROM old_domain), n AS (SELECT * FROM new_domain)
SELECT n.domain AS subject, NULL AS before, 'there' AS after, min(n.f) AS after_fact FROM n WHERE EXISTS (SELECT 1 FROM o) AND NOT EXISTS (SELECT 1 FROM o WHERE o.domain = n.domain AND (o.policy = n.policy OR n.policy NOT IN (SELECT policy FROM old_domain))) GROUP BY n.domain
