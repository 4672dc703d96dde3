-- change: app_domain_rule
-- theme: selinux
-- effect: more
-- severity: low
-- title.en: A rule gives apps another SELinux domain
-- title.nl: Een regel geeft apps een ander SELinux-domein
-- says.en: Apps get the domain {domain} by the rule {after}
-- says.nl: Apps krijgen het domein {domain} door de regel {after}
-- why.en: {reason}
-- why.nl: {reason}
-- limits: Rules are compared as written; in which order they are tried is not.
-- words: reason
SELECT 'seapp ' || n.name || CASE WHEN n.value LIKE '% name=%' THEN substr(n.value, instr(n.value, ' name='), instr(substr(n.value, instr(n.value, ' name=') + 1) || ' ', ' ')) ELSE '' END AS subject, n.name AS domain, NULL AS before, n.value AS after,
       CASE WHEN n.name IN ('system_app', 'platform_app', 'priv_app', 'radio', 'bluetooth', 'nfc', 'shell', 'shared_relro', 'su') AND n.value LIKE '% name=%' AND n.value NOT LIKE '%seinfo=platform%' THEN 'high' WHEN n.value LIKE '% name=%' THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN n.value LIKE '% name=%' THEN 'It singles out one app by its name.' ELSE 'It holds for all apps that fit it.' END AS reason, min(n.fact_id) AS after_fact
FROM new_setting n WHERE n.scope = 'seapp' AND EXISTS (SELECT 1 FROM old_setting WHERE scope = 'seapp') AND NOT EXISTS (SELECT 1 FROM old_setting o WHERE o.scope = 'seapp' AND o.value = n.value) GROUP BY n.name, n.value
