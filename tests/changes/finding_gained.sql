-- gives: high more
-- before

-- after
INSERT INTO finding(finding_id, build_id, actor_id, rule, subject, severity, strength, title, title_nl, fact_id) VALUES('f1', 1, 10, 'remote_control', 'com.maker.tool', 'high', 'able', 'It may be controlled', 'Kan bestuurd worden', printf('%032x', 300));
