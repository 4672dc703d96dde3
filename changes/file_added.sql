-- change: file_added
-- theme: files
-- effect: other
-- severity: info
-- title.en: A file is new
-- title.nl: Een bestand is nieuw
-- says.en: {subject} is new ({kind}{state})
-- says.nl: {subject} is nieuw ({kind}{state})
-- why.en: What it is and does is in other rows where it was read; a file that is not understood may hold anything.
-- why.nl: Wat het is en doet staat in andere regels voor zover gelezen; een bestand dat niet begrepen is kan alles bevatten.
-- words: state after
SELECT f.path AS subject, f.kind, CASE a.state WHEN 'read' THEN '' ELSE ', ' || a.state END AS state, NULL AS before, f.kind || CASE a.state WHEN 'read' THEN '' ELSE ', ' || a.state END AS after,
       CASE WHEN p.bin AND (f.kind = 'elf' OR a.state <> 'read') THEN 'medium' WHEN f.kind = 'elf' OR a.state <> 'read' THEN 'low' ELSE 'info' END AS severity, CASE WHEN f.kind = 'elf' OR (p.bin AND a.state <> 'read') THEN 'more' ELSE 'other' END AS effect, f.after_fact
FROM file_pair f JOIN new_artifact a ON a.artifact_id = f.after_id JOIN (SELECT after_id, path LIKE '%/bin/%' OR path LIKE '%/xbin/%' OR path LIKE '%/sbin/%' AS bin FROM file_pair WHERE how = 'added') p ON p.after_id = f.after_id
WHERE f.how = 'added' AND (f.kind NOT IN ('apk') OR a.state <> 'read')
