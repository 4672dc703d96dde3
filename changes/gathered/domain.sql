-- gathered: domain
-- says: Domains, by policy.
SELECT d.domain, coalesce(w.policy, '') AS policy, max(d.permissive) AS permissive, min(d.fact_id) AS f FROM SIDE_selinux_domain d LEFT JOIN SIDE_policy_of w ON w.artifact_id = d.artifact_id GROUP BY 1, 2
