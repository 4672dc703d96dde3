-- gathered: right
-- says: Permissions of apps that both builds have: whether they are held, and why.
SELECT pp.app, g.permission, max(g.effective IN ('granted', 'pregranted')) AS held, max(g.requested) AS asked, max(g.protection) AS protection, max(g.effective) AS effective, max(g.why) AS why, min(g.fact_id) AS f
FROM package_pair pp JOIN SIDE_permission_grant g ON g.package_id = pp.PAIR_id WHERE pp.before_id IS NOT NULL AND pp.after_id IS NOT NULL GROUP BY pp.app, g.permission
