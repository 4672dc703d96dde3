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
WITH o AS (SELECT * FROM old_value), n AS (SELECT * FROM new_value)
SELECT coalesce(n.name, o.name) AS subject, o.v AS before, n.v AS after,
       CASE WHEN (n.name = 'ro.debuggable' AND n.v = '1') OR (n.name IN ('ro.secure', 'ro.adb.secure') AND n.v = '0') OR n.name LIKE '%permissive%' OR n.v LIKE '%permissive%' THEN 'critical' WHEN (n.name LIKE '%adb%' OR n.name LIKE '%usb.config%') AND n.v LIKE '%adb%' THEN 'high'
            WHEN o.v IS NOT NULL AND ((o.name = 'ro.debuggable' AND o.v = '1') OR (o.name IN ('ro.secure', 'ro.adb.secure') AND o.v = '0')) THEN 'info' ELSE 'medium' END AS severity,
       CASE WHEN o.v IS NOT NULL AND ((o.name = 'ro.debuggable' AND o.v = '1') OR (o.name IN ('ro.secure', 'ro.adb.secure') AND o.v = '0')) THEN 'less' ELSE 'more' END AS effect, 40 AS weight, o.f AS before_fact, n.f AS after_fact
FROM n FULL OUTER JOIN o ON o.scope = n.scope AND o.name = n.name WHERE coalesce(n.scope, o.scope) = 'flag' AND o.v IS NOT n.v
