-- gives: info other
-- before
INSERT INTO jni(artifact_id, class, name, signature, how, at, fact_id) VALUES(21, 'com.maker.N', 'one', '()V', 'table', 0, printf('%032x', 326));
-- after
INSERT INTO jni(artifact_id, class, name, signature, how, at, fact_id) VALUES(21, 'com.maker.N', 'one', '()V', 'table', 0, printf('%032x', 326));
INSERT INTO jni(artifact_id, class, name, signature, how, at, fact_id) VALUES(21, 'com.maker.N', 'two', '()V', 'table', 0, printf('%032x', 327));
