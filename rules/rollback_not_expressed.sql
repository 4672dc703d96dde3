-- rule: rollback_not_expressed
-- theme: files
-- severity: info
-- strength: present
-- title.en: No protection against older builds is expressed
-- title.nl: Er is geen bescherming tegen oudere builds uitgedrukt
-- says.en: The rollback index of {subject} is 0: an older build with known holes may be put back
-- says.nl: De terugrolindex van {subject} is 0: een oudere build met bekende lekken kan worden teruggezet
-- explain.en: A phone keeps the highest index that it has started and refuses lower ones. With 0 it refuses nothing. Many
--   makers leave it so.
-- explain.nl: Een telefoon onthoudt de hoogste index die hij heeft gestart en weigert lagere. Met 0 weigert hij niets. Veel
--   makers laten het zo.
-- reference: https://android.googlesource.com/platform/external/avb/+/refs/heads/main/README.md
-- limits: The boot loader may have a protection of its own.
-- needs: avb_check
SELECT r.build_id, NULL AS actor_id, r.partition AS subject, min(r.fact_id) AS fact_id FROM avb_check r
WHERE r.what = 'rollback' AND r.result = 'absent'
  AND EXISTS (SELECT 1 FROM avb_check s WHERE s.build_id = r.build_id AND s.structure = r.structure AND s.what = 'signature' AND s.result <> 'not_verifiable')
GROUP BY r.build_id, r.partition ORDER BY r.build_id, r.partition
