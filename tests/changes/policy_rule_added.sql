-- gives: high more
-- before

-- after

-- compared
INSERT INTO policy_rule_added(policy, domain, target, class, permissions, pairs, fact_id) VALUES('/sepolicy', 'mediaserver', 'self', 'capability', 'sys_module', 1, printf('%032x', 334));
