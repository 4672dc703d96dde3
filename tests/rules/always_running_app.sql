-- fires
UPDATE package SET persistent = 1 WHERE package_id = 10;
-- quiet: AOSP's phone app
UPDATE package SET persistent = 1 WHERE package_id = 12;
