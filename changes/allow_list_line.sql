-- change: allow_list_line
-- theme: rights
-- effect: more
-- severity: medium
-- title.en: The system lets a package have more than its place gives
-- title.nl: Het systeem laat een pakket meer hebben dan zijn plek geeft
-- says.en: {subject}: {after}
-- says.nl: {subject}: {after}
-- why.en: A line in a list of the system is all that stands between a privileged app and the right it names. {held}
-- why.nl: Een regel in een lijst van het systeem is alles wat tussen een bevoorrechte app en het genoemde recht staat. {held}
-- words: held
SELECT n.scope || ' ' || n.name AS subject, NULL AS before, n.value AS after, CASE WHEN n.scope = 'sysconfig' THEN 'low' WHEN n.value LIKE 'deny%' THEN 'info' ELSE 'medium' END AS severity, CASE WHEN n.value LIKE 'deny%' THEN 'less' ELSE 'more' END AS effect,
       CASE WHEN EXISTS (SELECT 1 FROM new_package p WHERE p.name = n.name) THEN 'The package is on the phone.' ELSE 'No package of this name was found.' END AS held, 30 AS weight, min(n.fact_id) AS after_fact
FROM new_setting n WHERE n.scope IN ('privapp', 'default_grant', 'role', 'mac_permissions', 'sysconfig') AND NOT EXISTS (SELECT 1 FROM old_setting o WHERE o.scope = n.scope AND o.name = n.name AND o.value IS n.value) GROUP BY n.scope, n.name, n.value
