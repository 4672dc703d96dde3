-- gives: critical more
-- before

-- after
UPDATE package SET signer = 'public' WHERE package_id = 13;
