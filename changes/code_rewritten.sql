-- change: code_rewritten
-- theme: code
-- effect: other
-- severity: info
-- title.en: An app has other code
-- title.nl: Een app heeft andere code
-- says.en: {app}: {after}
-- says.nl: {app}: {after}
-- why.en: How much is new bounds what could have come with it; what it calls and says is in other rows.
-- why.nl: Hoeveel er nieuw is begrenst wat ermee gekomen kan zijn; wat het aanroept en zegt staat in andere regels.
-- words: before after
SELECT m.app AS subject, m.app, m.methods_old || ' methods' AS before,
       m.methods_new || ' methods: ' || m.methods_by_name || ' matched by name, ' || m.methods_by_structure || ' by structure, ' || m.methods_unmatched_new || ' new, ' || m.methods_unmatched_old || ' gone, '
       || CASE WHEN m.left_out > 0 THEN 'those with other code not counted (' || m.left_out || ' details left out)' ELSE (SELECT count(*) FROM code_change c WHERE c.app = m.app AND c.what = 'method_changed') || ' with other code' END AS after,
       m.methods_unmatched_new AS weight, m.old_fact AS before_fact, m.new_fact AS after_fact
FROM code_match m WHERE m.state = 'compared' AND (m.methods_unmatched_new > 0 OR m.methods_unmatched_old > 0 OR m.left_out > 0 OR EXISTS (SELECT 1 FROM code_change c WHERE c.app = m.app AND c.what = 'method_changed'))
