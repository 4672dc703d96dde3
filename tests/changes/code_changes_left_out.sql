-- gives: info other
-- also: info other com.maker.tool
-- not: com.maker.agent
-- before
-- after
-- compared
INSERT INTO code_match(app, state, left_out, old_fact, new_fact) VALUES('com.maker.tool', 'compared', 12, printf('%032x', 401), printf('%032x', 402)), ('com.maker.agent', 'compared', 0, printf('%032x', 401), printf('%032x', 402));
