-- change: policy_group_joined
-- theme: selinux
-- effect: more
-- severity: low
-- title.en: A part of the system joins a group that SELinux allows more
-- title.nl: Een deel van het systeem komt in een groep waaraan SELinux meer toelaat
-- says.en: {type} belongs to {group_name} now
-- says.nl: {type} hoort nu bij {group_name}
-- why.en: {reason}
-- why.nl: {reason}
-- words: reason
SELECT type || ' ' || group_name AS subject, type, group_name, NULL AS before, group_name AS after,
       CASE WHEN group_name IN ('mlstrustedsubject', 'mlstrustedobject', 'unconfineddomain', 'coredomain', 'halserverdomain', 'super_block_device_type') OR type LIKE 'untrusted_app%' OR type = 'isolated_app' THEN 'high' WHEN group_name LIKE '%domain' OR group_name LIKE 'hal_%' THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN group_name LIKE 'mlstrusted%' THEN 'The separation of apps and users does not hold it back any more.' ELSE 'All rules on the group hold for it.' END AS reason, fact_id AS after_fact
FROM policy_group_joined
