-- change: link_changed
-- theme: files
-- effect: other
-- severity: low
-- title.en: A link leads elsewhere
-- title.nl: Een koppeling wijst ergens anders heen
-- says.en: {subject} leads to {after}; before to {before}
-- says.nl: {subject} wijst naar {after}; eerst naar {before}
-- why.en: {reason}
-- why.nl: {reason_nl}
-- words: before after
WITH v AS (SELECT f.path, coalesce(o.link_target, 'no other place') AS before, coalesce(n.link_target, 'no other place') AS after, f.path LIKE '%/bin/%' OR f.path LIKE '%/xbin/%' OR f.path LIKE '%/sbin/%' OR f.path LIKE '%/lib/%' OR f.path LIKE '%/lib64/%' AS runs,
            n.link_target LIKE '/data/%' OR n.link_target LIKE '/sdcard%' OR n.link_target LIKE '/storage/%' OR n.link_target LIKE '/mnt/%' OR n.link_target LIKE '/cache/%' OR n.link_target LIKE '/tmp/%' AS outside, f.before_fact, f.after_fact
            FROM file_pair f JOIN old_artifact o ON o.artifact_id = f.before_id JOIN new_artifact n ON n.artifact_id = f.after_id WHERE f.how = 'path' AND o.link_target IS NOT n.link_target)
SELECT path AS subject, before, after, CASE WHEN outside THEN 'medium' WHEN runs THEN 'low' ELSE 'info' END AS severity, CASE WHEN outside THEN 'more' ELSE 'other' END AS effect, CASE WHEN runs THEN 10 ELSE 0 END AS weight,
       CASE WHEN outside THEN 'What lies there may be changed while the phone runs.' WHEN runs THEN 'Another program or library runs under this name.' ELSE 'Another file is read under this name.' END AS reason,
       CASE WHEN outside THEN 'Wat daar ligt kan veranderd worden terwijl de telefoon draait.' WHEN runs THEN 'Onder deze naam draait een ander programma of een andere bibliotheek.' ELSE 'Onder deze naam wordt een ander bestand gelezen.' END AS reason_nl, before_fact, after_fact
FROM v
