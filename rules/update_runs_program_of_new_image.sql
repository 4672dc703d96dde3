-- rule: update_runs_program_of_new_image
-- theme: updates
-- severity: medium
-- strength: present
-- title.en: An update has the phone run a program of the new image as root
-- title.nl: Een update laat de telefoon een programma uit het nieuwe image draaien als root
-- says.en: After writing {partition} the phone runs {subject} from it
-- says.nl: Na het schrijven van {partition} draait de telefoon {subject} daaruit
-- explain.en: An A/B update may name a program of an image that it has just written; the running system starts it as root
--   before the phone restarts. The program is in the image, so it can be looked at. AOSP itself names two: one compiles
--   apps ahead, the other tidies the data partition.
-- explain.nl: Een A/B-update kan een programma noemen uit een image dat net geschreven is; het draaiende systeem start dat
--   als root voordat de telefoon herstart. Het programma zit in het image en is dus te bekijken. AOSP noemt er zelf twee:
--   één vertaalt apps vooraf, het andere ruimt de datapartitie op.
-- reference: https://source.android.com/docs/core/ota/ab
-- limits: AOSP's two are known by partition and path only; what stands at that path may have been changed.
-- needs: update_partition
SELECT p.build_id, NULL AS actor_id, p.program AS subject, p.fact_id, p.partition,
       CASE WHEN p.program_id IS NULL THEN 'the image was not read, or holds no such file' ELSE p.kind END AS note,
       p.partition || '/' || p.program IN ('system/system/bin/otapreopt_script', 'vendor/bin/checkpoint_gc') AS baseline
FROM update_post_install p WHERE p.runs = 1 AND p.partition IN (SELECT name FROM update_partition)
ORDER BY p.build_id, p.partition, subject, p.fact_id
