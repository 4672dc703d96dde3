-- rule: debuggable_build
-- theme: build
-- severity: high
-- strength: present
-- title.en: The build is set up for developers
-- title.nl: De build is ingericht voor ontwikkelaars
-- says.en: The build sets {subject}
-- says.nl: De build zet {subject}
-- explain.en: These settings switch off the barriers between adb and the system: any process can be debugged, adb may
--   become root, or takes every computer without asking. A phone that was sold has none of them.
-- explain.nl: Deze instellingen schakelen de barrières tussen adb en het systeem uit: elk proces is te debuggen, adb
--   mag root worden, of neemt elke computer zonder vragen. Een verkochte telefoon heeft er geen.
-- reference: https://source.android.com/docs/core/architecture/configuration/add-system-properties
-- limits: Lines of recovery and of files that a later file overrides count as well; the file is in the evidence.
-- needs: setting
SELECT s.build_id, NULL AS actor_id, s.name || '=' || s.value AS subject, min(s.fact_id) AS fact_id, group_concat(DISTINCT s.fact_id) AS evidence,
       CASE WHEN s.name IN ('ro.debuggable', 'ro.adb.secure') THEN 'high' ELSE 'medium' END AS severity
FROM setting s
WHERE s.scope IN ('prop', 'flag') AND ((s.name = 'ro.debuggable' AND s.value = '1') OR (s.name = 'ro.secure' AND s.value = '0') OR (s.name = 'ro.adb.secure' AND s.value = '0') OR (s.name = 'ro.build.type' AND s.value IN ('eng', 'userdebug'))
  OR (s.name IN ('persist.sys.usb.config', 'persist.vendor.usb.config', 'ro.sys.usb.default.config') AND (',' || s.value || ',') LIKE '%,adb,%') OR (s.name IN ('service.adb.tcp.port', 'persist.adb.tcp.port') AND s.value NOT IN ('', '0', '-1')))
GROUP BY s.build_id, s.name, s.value ORDER BY s.build_id, s.name, s.value
