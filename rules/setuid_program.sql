-- rule: setuid_program
-- theme: files
-- severity: medium
-- strength: present
-- title.en: Programs run with another user's rights than their caller's
-- title.nl: Programma's draaien met de rechten van een andere gebruiker dan hun aanroeper
-- says.en: {subject} runs as its owner ({uid}) or group ({gid}) whoever starts it
-- says.nl: {subject} draait als eigenaar ({uid}) of groep ({gid}) wie het ook start
-- explain.en: Android has used no such programs since version 4.3, except in builds for developers. Apps cannot make
--   use of them where their processes may gain no rights, but native services can.
-- explain.nl: Android gebruikt zulke programma's sinds versie 4.3 niet meer, behalve in builds voor ontwikkelaars.
--   Apps kunnen er niets mee waar hun processen geen rechten mogen winnen, maar native diensten wel.
-- reference: https://source.android.com/docs/security/enhancements/enhancements43
-- limits: Attributes are known only where a file system was read.
-- needs: privileged_file
SELECT f.build_id, NULL AS actor_id, coalesce(a.device_path, a.path) AS subject, f.fact_id, f.uid, f.gid, 'mode ' || f.mode AS note, CASE WHEN f.how = 'setuid' AND f.uid = 0 THEN 'high' ELSE 'medium' END AS severity
FROM privileged_file f JOIN artifact a ON a.artifact_id = f.artifact_id WHERE f.how IN ('setuid', 'setgid')
ORDER BY f.build_id, subject, f.fact_id
