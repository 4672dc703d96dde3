-- gives: high more
-- before
-- after
-- compared
INSERT INTO policy_group_joined VALUES('/vendor/etc/selinux/precompiled_sepolicy', 'untrusted_app', 'mlstrustedsubject', printf('%032x', 500));
