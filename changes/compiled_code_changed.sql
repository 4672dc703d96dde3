-- change: compiled_code_changed
-- theme: code
-- effect: other
-- severity: info
-- title.en: Compiled code has other bytes, and its machine code is not compared
-- title.nl: Gecompileerde code heeft andere bytes, en haar machinecode wordt niet vergeleken
-- says.en: {app}: {n} files of compiled code have other bytes, and what their machine code does is not known{not_read}: {after}
-- says.nl: {app}: {n} bestanden met gecompileerde code hebben andere bytes, en wat hun machinecode doet is niet bekend{not_read_nl}: {after}
-- why.en: A phone may run this machine code instead of the bytecode that was compared. Every rebuild changes it.
-- why.nl: Een telefoon kan deze machinecode draaien in plaats van de bytecode die vergeleken is. Elke herbouw verandert haar.
-- limits: That machine code was made from the bytecode beside it is not shown.
WITH f AS (SELECT coalesce(w.app, p.path) AS app, p.path, p.before_fact, p.after_fact,
       EXISTS (SELECT 1 FROM old_artifact d WHERE d.parent_id = p.before_id AND d.kind IN ('dex', 'cdex') AND d.path NOT IN (SELECT path FROM code_file WHERE side = 'before'))
       OR EXISTS (SELECT 1 FROM new_artifact d WHERE d.parent_id = p.after_id AND d.kind IN ('dex', 'cdex') AND d.path NOT IN (SELECT path FROM code_file WHERE side = 'after')) AS not_read
     FROM file_pair p LEFT JOIN new_app_of w ON w.artifact_id = p.after_id WHERE p.same = 0 AND p.how = 'path' AND p.kind IN ('oat', 'vdex') ORDER BY 1, 2)
SELECT app AS subject, app, count(*) AS n, CASE max(not_read) WHEN 1 THEN ', nor was all bytecode in them compared' ELSE '' END AS not_read, CASE max(not_read) WHEN 1 THEN ', en niet alle bytecode erin is vergeleken' ELSE '' END AS not_read_nl,
       NULL AS before, substr(group_concat(path, ', '), 1, 300) AS after, max(not_read) AS weight, min(before_fact) AS before_fact, min(after_fact) AS after_fact
FROM f GROUP BY app
