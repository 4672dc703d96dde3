-- gathered: domain
-- says: Domains of the policies.
SELECT domain, max(permissive) AS permissive, min(fact_id) AS f FROM SIDE_selinux_domain GROUP BY domain
