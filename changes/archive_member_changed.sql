-- change: archive_member_changed
-- theme: files
-- effect: other
-- severity: info
-- title.en: Something in an archive that klikspaan does not understand is other
-- title.nl: Iets in een archief dat klikspaan niet begrijpt is anders
-- says.en: In {subject} {n} members are other, and what changed is not known: {after}
-- says.nl: In {subject} zijn {n} onderdelen anders, en wat er veranderd is is niet bekend: {after_nl}
-- why.en: Bytes that are not understood are not shown to be harmless. Code and manifests are compared by other kinds.
-- why.nl: Bytes die niet begrepen zijn, zijn niet onschadelijk gebleken. Code en manifesten worden door andere soorten vergeleken.
-- limits: Members go by their name, so one that was renamed is new and gone. Signatures (META-INF) are told by other kinds.
WITH RECURSIVE top AS MATERIALIZED (SELECT f.path, f.before_id, f.after_id, f.before_fact, f.after_fact, length(o.path) AS old_cut, length(n.path) AS new_cut
            FROM file_pair f JOIN old_artifact o ON o.artifact_id = f.before_id JOIN new_artifact n ON n.artifact_id = f.after_id WHERE f.same = 0 AND f.how = 'path'
            AND EXISTS (SELECT 1 FROM old_artifact a WHERE a.parent_id = f.before_id) AND EXISTS (SELECT 1 FROM new_artifact a WHERE a.parent_id = f.after_id)),
     -- What has a place of its own on the phone is a pair of files itself.
     old_in(top, cut, id) AS (SELECT t.path, t.old_cut, a.artifact_id FROM top t JOIN old_artifact a ON a.parent_id = t.before_id WHERE a.device_path IS NULL UNION ALL SELECT i.top, i.cut, a.artifact_id FROM old_in i JOIN old_artifact a ON a.parent_id = i.id WHERE a.device_path IS NULL),
     new_in(top, cut, id) AS (SELECT t.path, t.new_cut, a.artifact_id FROM top t JOIN new_artifact a ON a.parent_id = t.after_id WHERE a.device_path IS NULL UNION ALL SELECT i.top, i.cut, a.artifact_id FROM new_in i JOIN new_artifact a ON a.parent_id = i.id WHERE a.device_path IS NULL),
     o AS MATERIALIZED (SELECT i.top, substr(a.path, i.cut + 2) AS member, a.path, a.kind, a.sha256, a.state, EXISTS (SELECT 1 FROM old_artifact b WHERE b.parent_id = i.id) AS opened FROM old_in i JOIN old_artifact a ON a.artifact_id = i.id WHERE a.kind <> 'folder'),
     n AS MATERIALIZED (SELECT i.top, substr(a.path, i.cut + 2) AS member, a.path, a.kind, a.sha256, a.state, EXISTS (SELECT 1 FROM new_artifact b WHERE b.parent_id = i.id) AS opened FROM new_in i JOIN new_artifact a ON a.artifact_id = i.id WHERE a.kind <> 'folder'),
     d AS (SELECT n.top, n.member, n.path, n.kind, n.state, n.opened AND o.opened AS opened, 'other' AS what FROM n JOIN o ON o.top = n.top AND o.member = n.member WHERE o.sha256 IS NOT n.sha256
            UNION ALL SELECT n.top, n.member, n.path, n.kind, n.state, n.opened, 'new' FROM n LEFT JOIN o ON o.top = n.top AND o.member = n.member WHERE o.top IS NULL
            UNION ALL SELECT o.top, o.member, o.path, o.kind, o.state, o.opened, 'gone' FROM o LEFT JOIN n ON o.top = n.top AND o.member = n.member WHERE n.top IS NULL),
     k AS MATERIALIZED (SELECT top, member, what, what <> 'gone' AND (kind IN ('elf', 'dex', 'apk', 'zip', 'script', 'oat', 'vdex') OR state <> 'read') AS telling FROM d
            WHERE NOT opened AND member NOT LIKE 'META-INF/%' AND member <> 'AndroidManifest.xml' AND NOT (kind IN ('dex', 'oat', 'vdex') AND (what = 'other' OR member GLOB 'classes*.dex')) AND NOT (kind = 'elf' AND what = 'other' AND EXISTS (SELECT 1 FROM native_match m WHERE m.path = d.path AND m.equal IN ('bytes', 'code', 'differs')))
            ORDER BY top, telling DESC, what, member)
SELECT k.top AS subject, count(*) AS n, NULL AS before, substr(group_concat(k.member || CASE k.what WHEN 'other' THEN '' ELSE ' (' || k.what || ')' END, ', '), 1, 300) AS after, substr(group_concat(k.member || CASE k.what WHEN 'other' THEN '' WHEN 'new' THEN ' (nieuw)' ELSE ' (weg)' END, ', '), 1, 300) AS after_nl, CASE WHEN sum(k.telling) > 0 THEN 'low' ELSE 'info' END AS severity, sum(k.telling) AS weight,
       (SELECT min(t.before_fact) FROM top t WHERE t.path = k.top) AS before_fact, (SELECT min(t.after_fact) FROM top t WHERE t.path = k.top) AS after_fact
FROM k GROUP BY k.top
