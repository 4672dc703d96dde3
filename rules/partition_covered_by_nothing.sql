-- rule: partition_covered_by_nothing
-- theme: files
-- severity: medium
-- strength: present
-- title.en: Verified boot covers no byte of a partition that holds code
-- title.nl: Verified boot dekt geen byte van een partitie met code
-- says.en: No digest or hash tree under a signature covers {subject} ({bytes} bytes)
-- says.nl: Geen digest of hashboom onder een handtekening dekt {subject} ({bytes} bytes)
-- explain.en: What verified boot does not cover can be changed on the phone without being noticed when it starts.
-- explain.nl: Wat verified boot niet dekt kan op de telefoon worden veranderd zonder dat het bij het starten opvalt.
-- reference: https://source.android.com/docs/security/features/verifiedboot
-- limits: Asked where the build holds a vbmeta structure under a signature at all. Images for the modem and other processors are
--   often signed in ways of their own, which are not read, and are left out.
-- needs: avb_check, avb_coverage
SELECT c.build_id, NULL AS actor_id, c.partition AS subject, c.fact_id, c.bytes, CASE WHEN c.unsigned > 0 THEN 'medium' ELSE 'high' END AS severity FROM avb_coverage c
WHERE c.path IS NOT NULL AND c.verified = 0 AND c.failed = 0
  AND c.partition IN ('system', 'system_ext', 'system_dlkm', 'vendor', 'vendor_dlkm', 'product', 'odm', 'odm_dlkm', 'boot', 'init_boot', 'vendor_boot', 'vendor_kernel_boot', 'recovery', 'dtbo')
  AND EXISTS (SELECT 1 FROM avb_check s WHERE s.build_id = c.build_id AND s.what = 'signature' AND s.result = 'verified' AND s.partition LIKE 'vbmeta%')
ORDER BY c.build_id, c.partition
