-- change: file_changed_unread
-- theme: files
-- effect: other
-- severity: info
-- title.en: A file that klikspaan does not understand has other bytes
-- title.nl: Een bestand dat klikspaan niet begrijpt heeft andere bytes
-- says.en: {subject} has other bytes, and what changed is not known
-- says.nl: {subject} heeft andere bytes, en wat er veranderd is is niet bekend
-- why.en: Bytes that are not understood are not shown to be harmless.
-- why.nl: Bytes die niet begrepen zijn, zijn niet onschadelijk gebleken.
SELECT f.path AS subject, o.sha256 AS before, n.sha256 AS after, f.before_fact, f.after_fact FROM file_pair f JOIN old_artifact o ON o.artifact_id = f.before_id JOIN new_artifact n ON n.artifact_id = f.after_id
WHERE f.same = 0 AND f.how = 'path' AND f.kind NOT IN ('apk', 'dex', 'vdex', 'oat', 'symlink', 'zip', 'apex', 'ext4', 'erofs', 'f2fs') AND f.path NOT LIKE '%.prop' AND f.path NOT LIKE '%.rc' AND f.path NOT LIKE '%/etc/permissions/%' AND f.path NOT LIKE '%/etc/sysconfig/%'
  AND NOT (f.kind = 'elf' AND EXISTS (SELECT 1 FROM native_match m WHERE m.path = f.path AND m.equal IN ('bytes', 'code', 'differs')))
