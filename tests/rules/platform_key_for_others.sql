-- fires
UPDATE package SET name = 'com.contractor.update' WHERE package_id = 11;
-- quiet: the maker's own, and a chip maker's
UPDATE package SET name = 'com.mediatek.x', signer = 'platform' WHERE package_id = 13;
