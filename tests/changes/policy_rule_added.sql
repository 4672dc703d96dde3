-- gives: high more
-- before
-- after
-- compared
INSERT INTO policy_rule_added VALUES('/vendor/etc/selinux/precompiled_sepolicy', 'mediaserver', 'mediaserver', 'capability', 'sys_module', 1, printf('%032x', 500));
