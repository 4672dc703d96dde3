-- fires
INSERT INTO manifest_entry(package_id, tag, name, value, fact_id) VALUES(10, 'instrumentation', 'com.maker.Run', 'functionalTest=0;targetPackage=com.maker.plain', printf('%032x', 900));
-- quiet: its own tests
INSERT INTO manifest_entry(package_id, tag, name, value, fact_id) VALUES(10, 'instrumentation', 'com.maker.Run', 'targetPackage=com.maker.tool', printf('%032x', 900));
