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
-- limits: A file of the system's settings that was read counts as understood, also what in it klikspaan has no use for; compiled code and the data of native files are told by kinds of their own.
WITH parsed AS (SELECT artifact_id FROM new_setting WHERE artifact_id IS NOT NULL UNION SELECT artifact_id FROM new_service WHERE artifact_id IS NOT NULL UNION SELECT artifact_id FROM new_init_action WHERE artifact_id IS NOT NULL)
SELECT f.path AS subject, o.sha256 AS before, n.sha256 AS after, f.before_fact, f.after_fact FROM file_pair f JOIN old_artifact o ON o.artifact_id = f.before_id JOIN new_artifact n ON n.artifact_id = f.after_id
WHERE f.same = 0 AND f.how = 'path' AND f.kind NOT IN ('dex', 'vdex', 'oat', 'symlink')
  -- What is in an archive that both builds opened is compared piece by piece.
  AND NOT (EXISTS (SELECT 1 FROM old_artifact a WHERE a.parent_id = f.before_id) AND EXISTS (SELECT 1 FROM new_artifact a WHERE a.parent_id = f.after_id))
  AND NOT ((f.path LIKE '%.prop' OR f.path LIKE '%.rc' OR f.path LIKE '%/etc/permissions/%' OR f.path LIKE '%/etc/sysconfig/%') AND f.after_id IN (SELECT artifact_id FROM parsed))
  AND NOT (f.kind = 'elf' AND EXISTS (SELECT 1 FROM native_match m WHERE m.path = f.path AND m.equal IN ('bytes', 'code', 'differs')))
