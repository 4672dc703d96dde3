-- rule: root_service_of_maker
-- theme: services
-- severity: low
-- strength: present
-- title.en: Services run as root with a program outside of what plain AOSP starts
-- title.nl: Diensten draaien als root met een programma buiten wat kaal AOSP start
-- says.en: {subject} runs as root: {executable}
-- says.nl: {subject} draait als root: {executable}
-- explain.en: What runs as root is bound by SELinux only. These services are the maker's or the chip maker's; the row
--   says who has most to answer for.
-- explain.nl: Wat als root draait is alleen door SELinux gebonden. Deze diensten zijn van de maker of de chipmaker;
--   de regel zegt wie het meest te verantwoorden heeft.
-- reference: https://android.googlesource.com/platform/system/core/+/main/init/README.md
-- limits: Services of plain AOSP are known by the name of their program. Capabilities taken away are in the note.
-- needs: service
SELECT s.build_id, s.actor_id, s.name AS subject, s.fact_id, s.executable, nullif(trim(coalesce('capabilities: ' || s.capabilities || ' ', '') || CASE WHEN s.disabled = 1 THEN 'started on demand' ELSE '' END), '') AS note
FROM service s
WHERE coalesce(s.user, 'root') IN ('root', '0') AND s.executable NOT IN ('/system/bin/sh', '/system/bin/init', '/init', '/sbin/ueventd', '/system/bin/ueventd', '/system/bin/vold', '/system/bin/netd', '/system/bin/installd', '/system/bin/lmkd',
  '/system/bin/app_process', '/system/bin/app_process32', '/system/bin/app_process64', '/system/bin/debuggerd', '/system/bin/debuggerd64', '/sbin/adbd', '/system/bin/adbd', '/sbin/healthd', '/system/bin/healthd', '/system/bin/bootanimation',
  '/system/bin/dumpstate', '/system/bin/e2fsck', '/system/bin/uncrypt', '/system/bin/storaged', '/system/bin/perfprofd', '/system/bin/rild', '/system/bin/tzdatacheck', '/system/bin/watchdogd', '/sbin/watchdogd', '/system/bin/logd',
  '/system/bin/vdc', '/system/bin/apexd', '/system/bin/gsid', '/system/bin/bpfloader', '/system/bin/thermalserviced', '/system/bin/update_engine', '/system/bin/update_verifier', '/sbin/recovery', '/system/bin/recovery', '/system/bin/charger',
  '/sbin/charger', '/system/bin/usbd', '/system/bin/idmap', '/system/bin/mdnsd', '/system/bin/snapuserd', '/system/bin/derive_sdk', '/system/bin/migrate_legacy_obb_data.sh', '/system/bin/console', '/system/bin/install-recovery.sh',
  '/vendor/bin/install-recovery.sh', '/system/bin/atrace', '/system/bin/clatd', '/system/bin/logcat', '/system/bin/flags_health_check', '/system/bin/racoon', '/system/bin/mtpd', '/system/bin/sdcard')
ORDER BY s.build_id, s.name, s.fact_id
