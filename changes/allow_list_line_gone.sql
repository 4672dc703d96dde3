-- change: allow_list_line_gone
-- theme: rights
-- effect: less
-- severity: info
-- title.en: The system does not let a package have something any more
-- title.nl: Het systeem laat een pakket iets niet meer hebben
-- says.en: No longer: {subject}: {before}
-- says.nl: Niet meer: {subject}: {before}
-- why.en: Less is possible than before.
-- why.nl: Er kan minder dan eerst.
SELECT o.scope || ' ' || o.name AS subject, o.value AS before, NULL AS after, min(o.fact_id) AS before_fact
FROM old_setting o WHERE o.scope IN ('privapp', 'default_grant', 'role', 'mac_permissions', 'sysconfig') AND NOT EXISTS (SELECT 1 FROM new_setting n WHERE o.scope = n.scope AND o.name = n.name AND o.value IS n.value) GROUP BY o.scope, o.name, o.value
