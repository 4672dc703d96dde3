-- change: switch_changed
-- theme: build
-- effect: more
-- severity: medium
-- title.en: A switch of the system that guards it is set otherwise
-- title.nl: Een schakelaar die het systeem beschermt staat anders
-- says.en: {subject} is {after}; before {before}
-- says.nl: {subject} is {after}; eerst {before}
-- why.en: Such switches decide who may debug, what is verified and what starts as root.
-- why.nl: Zulke schakelaars bepalen wie mag debuggen, wat gecontroleerd wordt en wat als root start.
WITH RECURSIVE o AS (SELECT * FROM old_value WHERE scope = 'flag'), n AS (SELECT * FROM new_value WHERE scope = 'flag'),
     s AS MATERIALIZED (SELECT coalesce(n.name, o.name) AS name, CASE WHEN coalesce(n.name, o.name) LIKE 'recovery %' THEN substr(coalesce(n.name, o.name), 10) WHEN coalesce(n.name, o.name) LIKE 'boot argument %' THEN substr(coalesce(n.name, o.name), 15) ELSE coalesce(n.name, o.name) END AS bare,
            o.v AS before, n.v AS after, o.f, n.f AS g FROM n FULL OUTER JOIN o ON o.name = n.name WHERE o.v IS NOT n.v),
     side AS (SELECT name, bare, 0 AS now, before AS v FROM s UNION ALL SELECT name, bare, 1, after FROM s),
     -- 1: the value lets others do more than the one that guards; 0: it guards; null: not known, such as what the phone takes where nothing is said.
     weak AS MATERIALIZED (SELECT name, now, CASE
            WHEN bare IN ('ro.debuggable', 'ro.force.debuggable', 'service.adb.root', 'persist.service.adb.enable', 'persist.service.debuggable', 'ro.allow.mock.location', 'ro.oem_unlock_supported', 'ro.kernel.qemu') THEN coalesce(instr('; ' || v || ';', '; 1;') > 0 OR instr('; ' || v || ';', '; true;') > 0, 0)
            WHEN bare IN ('ro.secure', 'ro.adb.secure', 'ro.boot.flash.locked', 'androidboot.flash.locked', 'enforcing') THEN v <> '1'
            WHEN bare LIKE '%selinux' THEN coalesce(v LIKE '%permissive%' OR v LIKE '%disabled%' OR v = '0', 0)
            WHEN bare LIKE '%usb.config' THEN coalesce(v LIKE '%adb%', 0)
            WHEN bare LIKE '%adb.tcp.port' THEN coalesce(v, '') NOT IN ('', '0', '-1')
            WHEN bare = 'persist.sys.root_access' THEN coalesce(v, '') NOT IN ('', '0')
            WHEN bare LIKE '%veritymode' THEN v <> 'enforcing' WHEN bare LIKE '%verifiedbootstate' THEN v <> 'green' WHEN bare = 'ro.crypto.state' THEN v <> 'encrypted'
            WHEN bare = 'ro.control_privapp_permissions' THEN coalesce(v, '') <> 'enforce' WHEN bare LIKE '%build.tags' THEN v <> 'release-keys' WHEN bare IN ('ro.build.type', 'buildvariant') THEN v <> 'user' END AS weak FROM side),
     -- Each value of these is a hole of its own.
     holes(name, now, v, rest) AS (SELECT name, now, '', v || '; ' FROM side WHERE bare IN ('su', 'adb keys', 'verified boot', 'verified boot key', 'update key', 'system signed with a public key') AND v IS NOT NULL
            UNION ALL SELECT name, now, substr(rest, 1, instr(rest, '; ') - 1), substr(rest, instr(rest, '; ') + 2) FROM holes WHERE rest <> ''),
     said AS MATERIALIZED (SELECT s.*, a.weak AS was, b.weak AS "is", EXISTS (SELECT 1 FROM holes h WHERE h.name = s.name) AS listed,
            EXISTS (SELECT 1 FROM holes h WHERE h.name = s.name AND h.now = 1 AND h.v <> '' AND NOT EXISTS (SELECT 1 FROM holes p WHERE p.name = h.name AND p.now = 0 AND p.v = h.v)) AS gained
            FROM s JOIN weak a ON a.name = s.name AND a.now = 0 JOIN weak b ON b.name = s.name AND b.now = 1),
     judged AS (SELECT *, CASE WHEN listed THEN CASE WHEN gained THEN 'more' ELSE 'less' END WHEN "is" = 1 AND was IS NOT 1 THEN 'more' WHEN was = 1 AND "is" = 0 THEN 'less' ELSE 'other' END AS effect FROM said)
SELECT name AS subject, before, after, effect,
       CASE effect WHEN 'less' THEN 'info' WHEN 'other' THEN CASE WHEN was = 0 AND "is" = 0 THEN 'info' ELSE 'low' END
            ELSE CASE WHEN name IN ('ro.debuggable', 'ro.secure', 'ro.adb.secure') OR name LIKE '%permissive%' OR after LIKE '%permissive%' THEN 'critical' WHEN name = 'adb keys' OR (name LIKE '%usb.config%' AND after LIKE '%adb%') THEN 'high' ELSE 'medium' END END AS severity,
       40 AS weight, f AS before_fact, g AS after_fact
FROM judged
