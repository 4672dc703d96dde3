-- rule: executable_stack
-- theme: files
-- severity: low
-- strength: present
-- title.en: Programs ask for a stack that is executable
-- title.nl: Programma's vragen om een uitvoerbare stack
-- says.en: {subject} asks for a stack that is executable
-- says.nl: {subject} vraagt om een uitvoerbare stack
-- explain.en: A stack that is executable makes faults easier to use. Compilers have not made such files for many
--   years unless told to.
-- explain.nl: Een uitvoerbare stack maakt fouten makkelijker te gebruiken. Compilers maken zulke bestanden al vele
--   jaren alleen als het gevraagd wordt.
-- reference: https://source.android.com/docs/security/overview/implement
-- limits: SELinux forbids it for apps on newer versions.
-- needs: native_library
SELECT a.build_id, NULL AS actor_id, coalesce(a.device_path, a.path) AS subject, l.fact_id, l.type AS note FROM native_library l JOIN artifact a ON a.artifact_id = l.artifact_id
WHERE l.nx_stack = 0 AND l.type IN ('program', 'library') ORDER BY a.build_id, subject, l.fact_id
