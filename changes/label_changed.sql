-- change: label_changed
-- theme: selinux
-- effect: other
-- severity: low
-- title.en: Files have another SELinux label
-- title.nl: Bestanden hebben een ander SELinux-label
-- says.en: {n} files with the label {before} have {after} now: {list}
-- says.nl: {n} bestanden met het label {before} hebben nu {after}: {list}
-- why.en: {reason}
-- why.nl: {reason_nl}
-- limits: Labels that file systems hold; what the policy gives at the first start of a phone is not known.
WITH v AS (SELECT f.path, o.selinux AS before, n.selinux AS after, f.before_fact, f.after_fact FROM file_pair f JOIN old_artifact o ON o.artifact_id = f.before_id JOIN new_artifact n ON n.artifact_id = f.after_id
            WHERE f.how = 'path' AND o.selinux IS NOT NULL AND n.selinux IS NOT NULL AND o.selinux <> n.selinux ORDER BY f.path)
SELECT before || ' to ' || after AS subject, before, after, count(*) AS n, substr(group_concat(path, ', '), 1, 300) AS list, CASE WHEN instr(after, '_exec:') > 0 THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN instr(after, '_exec:') > 0 THEN 'The label of a program decides in which domain it runs.' ELSE 'The label decides who may read and write it.' END AS reason,
       CASE WHEN instr(after, '_exec:') > 0 THEN 'Het label van een programma bepaalt in welk domein het draait.' ELSE 'Het label bepaalt wie het mag lezen en schrijven.' END AS reason_nl, min(before_fact) AS before_fact, min(after_fact) AS after_fact
FROM v GROUP BY before, after
