-- rule: world_writable_program
-- theme: files
-- severity: high
-- strength: present
-- title.en: Programs that others run may be changed by anybody
-- title.nl: Programma's die anderen draaien mogen door iedereen gewijzigd worden
-- says.en: Anybody may change {subject}, as far as its mode goes ({mode})
-- says.nl: Iedereen mag {subject} wijzigen, voor zover de rechten gaan ({mode})
-- explain.en: A program or library that anybody may write runs with the rights of whoever starts it. A partition that
--   is mounted read-only and SELinux still stand in the way.
-- explain.nl: Een programma of bibliotheek die iedereen mag beschrijven draait met de rechten van wie het start. Een
--   alleen-lezen gekoppelde partitie en SELinux staan nog in de weg.
-- reference: https://cwe.mitre.org/data/definitions/732.html
-- limits: Attributes are known only where a file system was read.
-- needs: artifact
SELECT f.build_id, NULL AS actor_id, coalesce(a.device_path, a.path) AS subject, f.fact_id, f.mode
FROM privileged_file f JOIN artifact a ON a.artifact_id = f.artifact_id WHERE f.how = 'world_writable'
ORDER BY f.build_id, subject, f.fact_id
