-- gives: high more
-- before

-- after

-- compared
INSERT INTO policy_group_joined(policy, type, group_name, fact_id) VALUES('/sepolicy', 'helper', 'mlstrustedsubject', printf('%032x', 333));
