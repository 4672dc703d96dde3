-- change: file_added
-- theme: files
-- effect: other
-- severity: info
-- title.en: A file is new
-- title.nl: Een bestand is nieuw
-- says.en: {subject} is new ({kind})
-- says.nl: {subject} is nieuw ({kind})
-- why.en: What it is and does is in other rows where it was read; a file that is not understood may hold anything.
-- why.nl: Wat het is en doet staat in andere regels voor zover gelezen; een bestand dat niet begrepen is kan alles bevatten.
SELECT f.path AS subject, f.kind, NULL AS before, f.kind AS after, CASE WHEN f.kind = 'elf' AND (f.path LIKE '%/bin/%' OR f.path LIKE '%/xbin/%' OR f.path LIKE '%/sbin/%') THEN 'medium' WHEN f.kind = 'elf' THEN 'low' ELSE 'info' END AS severity, CASE WHEN f.kind = 'elf' THEN 'more' ELSE 'other' END AS effect, f.after_fact
FROM file_pair f JOIN new_artifact a ON a.artifact_id = f.after_id WHERE f.how = 'added' AND a.state = 'read' AND f.kind NOT IN ('apk')
