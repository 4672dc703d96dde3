-- gives: low other
-- also: low other /recovery/sepolicy the old build has no policy in this place
-- before
-- after
-- compared
INSERT INTO policy_not_compared VALUES('/recovery/sepolicy', 'the old build has no policy in this place', NULL, printf('%032x', 500)), ('/sepolicy', 'more new rules than are listed', printf('%032x', 501), printf('%032x', 502));
