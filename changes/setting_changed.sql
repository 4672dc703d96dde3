-- change: setting_changed
-- theme: build
-- effect: more
-- severity: low
-- title.en: A setting of the system is another
-- title.nl: Een instelling van het systeem is anders
-- says.en: {scope} {name} is {after}; before {before}
-- says.nl: {scope} {name} is {after}; eerst {before}
-- why.en: {reason}
-- why.nl: {reason}
-- words: reason
WITH o AS (SELECT * FROM old_value), n AS (SELECT * FROM new_value)
SELECT coalesce(n.scope, o.scope) || ' ' || coalesce(n.name, o.name) AS subject, coalesce(n.scope, o.scope) AS scope, coalesce(n.name, o.name) AS name, o.v AS before, n.v AS after,
       CASE WHEN coalesce(n.scope, o.scope) IN ('hosts', 'dns', 'proxy', 'portal') THEN 'medium' WHEN coalesce(n.scope, o.scope) IN ('time', 'location', 'device_node', 'network') THEN 'low' WHEN n.v IS NULL THEN 'info' ELSE 'low' END AS severity,
       CASE WHEN n.v IS NULL THEN 'less' WHEN coalesce(n.scope, o.scope) IN ('hosts', 'dns', 'proxy', 'portal') THEN 'more' ELSE 'other' END AS effect,
       CASE WHEN coalesce(n.scope, o.scope) IN ('hosts', 'dns', 'proxy', 'portal') THEN 'It decides where the phone''s connections end.' WHEN coalesce(n.scope, o.scope) IN ('time', 'location') THEN 'It decides whom the phone asks for time or place.' ELSE 'A setting that the build makes.' END AS reason, o.f AS before_fact, n.f AS after_fact
FROM n FULL OUTER JOIN o ON o.scope = n.scope AND o.name = n.name WHERE coalesce(n.scope, o.scope) NOT IN ('flag', 'prop', 'privapp', 'default_grant', 'role', 'mac_permissions', 'sysconfig', 'init', 'seapp') AND o.v IS NOT n.v
