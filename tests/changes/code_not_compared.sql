-- gives: info other
-- says: Code of com.maker.tool could not be compared whole: no code of it was found in the new build
-- before

-- after

-- compared
INSERT INTO code_match(app, state, classes_old, classes_new, methods_old, methods_new, methods_by_name, methods_by_structure, methods_unmatched_old, methods_unmatched_new, left_out, reason, old_fact, new_fact) VALUES('com.maker.tool', 'unread', 2, 3, 5, 6, 4, 1, 0, 1, 0, 'no code of it was found in the new build', printf('%032x', 342), printf('%032x', 343));
