-- gives: medium more
-- before
INSERT INTO power(actor_id, power, held_by, code, sites, reachable, entry, entry_kind, way, fact_id) VALUES(10, 'read_messages', 'a right', 'a calls query', 1, 0, 'com.maker.tool.R', 'background', 'R → a', printf('%032x', 308));
-- after
INSERT INTO power(actor_id, power, held_by, code, sites, reachable, entry, entry_kind, way, fact_id) VALUES(10, 'read_messages', 'a right', 'a calls query', 1, 1, 'com.maker.tool.R', 'exported', 'R → a', printf('%032x', 308));
