-- gives: low other
-- before

-- after

-- compared
INSERT INTO code_match(app, state, classes_old, classes_new, methods_old, methods_new, methods_by_name, methods_by_structure, methods_unmatched_old, methods_unmatched_new, left_out, left_out_marked, methods_quickened_new, old_fact, new_fact) VALUES('com.maker.tool', 'compared', 2, 3, 5, 6, 4, 1, 0, 1, 70, 4, 0, printf('%032x', 342), printf('%032x', 343));
