-- rule: verified_boot_switched_off
-- theme: files
-- severity: high
-- strength: present
-- title.en: Verified boot is switched off by the build itself
-- title.nl: De build zet verified boot zelf uit
-- says.en: The structure of {subject}: {detail}
-- says.nl: De structuur van {subject}: {detail}
-- explain.en: A flag in the signed structure tells the phone not to verify what it starts. Images can then be changed on the
--   phone without being noticed.
-- explain.nl: Een vlag in de getekende structuur zegt de telefoon niet te controleren wat hij start. Images kunnen dan op de
--   telefoon ongemerkt worden veranderd.
-- reference: https://source.android.com/docs/security/features/verifiedboot/avb
-- limits: A locked boot loader may refuse such a structure.
-- needs: avb_check
SELECT build_id, NULL AS actor_id, partition AS subject, fact_id, detail, CASE WHEN detail LIKE '%hash trees%' THEN 'medium' ELSE 'high' END AS severity
FROM avb_check WHERE what = 'flags' AND result = 'failed' ORDER BY build_id, partition
