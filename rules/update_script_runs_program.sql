-- rule: update_script_runs_program
-- theme: updates
-- severity: medium
-- strength: present
-- title.en: The script of an update starts a program as root
-- title.nl: Het script van een update start een programma als root
-- says.en: The update starts {subject}
-- says.nl: De update start {subject}
-- explain.en: Recovery runs the script of an update as root, before the new system starts. A program that it starts may do
--   anything to the phone, and what it does is not in the new images. The call is in the note.
-- explain.nl: Recovery voert het script van een update uit als root, voordat het nieuwe systeem start. Een programma dat
--   het start mag alles met de telefoon doen, en wat het doet staat niet in de nieuwe images. De aanroep staat in de notitie.
-- reference: https://source.android.com/docs/core/ota/nonab/inside_packages
-- limits: What the program does is not followed. Programs that the updater itself is made of are not told apart.
-- needs: update_step
SELECT s.build_id, NULL AS actor_id, coalesce(s.source, s.function) AS subject, min(s.fact_id) AS fact_id, group_concat(DISTINCT s.fact_id) AS evidence, min(s.detail) AS note
FROM update_step s WHERE s.what = 'run'
GROUP BY s.build_id, subject ORDER BY s.build_id, subject
