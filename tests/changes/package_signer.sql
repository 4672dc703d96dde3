-- gives: critical more
-- also: critical more com.maker.plain
-- also: high more com.maker.tool
-- also: low other com.maker.agent
-- before
UPDATE package SET signer = NULL WHERE package_id = 11;
-- after
UPDATE package SET signer = 'public' WHERE package_id = 13;
UPDATE package SET signer = NULL WHERE package_id = 10;
