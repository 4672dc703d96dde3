-- change: domain_permissive
-- theme: selinux
-- effect: more
-- severity: high
-- title.en: SELinux holds a domain back no more
-- title.nl: SELinux houdt een domein niet meer tegen
-- says.en: What runs in the domain {subject} is not held back by SELinux any more
-- says.nl: Wat in het domein {subject} draait wordt niet meer door SELinux tegengehouden
-- why.en: A permissive domain may do whatever its user may; the policy only writes it down.
-- why.nl: Een permissive domein mag alles wat zijn gebruiker mag; het beleid schrijft het alleen op.
-- words: before after
WITH o AS (SELECT * FROM old_domain), n AS (SELECT * FROM new_domain)
SELECT n.domain AS subject, CASE WHEN o.domain IS NULL THEN NULL ELSE 'enforced' END AS before, 'permissive' AS after, 70 AS weight, o.f AS before_fact, n.f AS after_fact FROM n LEFT JOIN o ON o.domain = n.domain WHERE n.permissive = 1 AND coalesce(o.permissive, 0) = 0
