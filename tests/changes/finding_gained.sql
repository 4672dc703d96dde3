-- gives: high more
-- not: told.example sent_in_clear
-- before

-- after
INSERT INTO finding(finding_id, build_id, actor_id, rule, subject, severity, strength, title, title_nl, fact_id) VALUES('f1', 1, 10, 'remote_control', 'com.maker.tool', 'high', 'able', 'It may be controlled', 'Kan bestuurd worden', printf('%032x', 300));
INSERT INTO finding(finding_id, build_id, capture_id, actor_id, rule, subject, severity, strength, title, title_nl, fact_id) VALUES('f2', 1, 3, NULL, 'sent_in_clear', 'told.example', 'medium', 'seen', 'Requests to told.example were sent in the clear', 'Verzoeken', printf('%032x', 301));
