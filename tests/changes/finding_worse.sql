-- gives: high more
-- also: high more com.maker.tool remote_control
-- also: high more com.maker.tool watches
-- before
INSERT INTO finding(finding_id, build_id, actor_id, rule, subject, severity, strength, title, title_nl, fact_id) VALUES('f1', 1, 10, 'remote_control', 'com.maker.tool', 'low', 'able', 'It may be controlled', 'Kan het', printf('%032x', 300));
INSERT INTO finding(finding_id, build_id, actor_id, rule, subject, severity, strength, title, title_nl, fact_id) VALUES('f2', 1, 10, 'watches', 'com.maker.tool', 'low', 'able', 'It may watch', 'Kan het', printf('%032x', 301));
-- after
INSERT INTO finding(finding_id, build_id, actor_id, rule, subject, severity, strength, title, title_nl, fact_id) VALUES('f1', 1, 10, 'remote_control', 'com.maker.tool', 'high', 'able', 'It may be controlled', 'Kan het', printf('%032x', 300));
INSERT INTO finding(finding_id, build_id, actor_id, rule, subject, severity, strength, title, title_nl, fact_id) VALUES('f2', 1, 10, 'watches', 'com.maker.tool', 'high', 'able', 'It may watch', 'Kan het', printf('%032x', 301));
