-- rule: selinux_leaves_aosp_rules
-- theme: selinux
-- severity: medium
-- strength: present
-- title.en: The SELinux policy allows what AOSP's own policy forbids
-- title.nl: Het SELinux-beleid staat toe wat AOSP's eigen beleid verbiedt
-- says.en: {domain} may {permissions} {target} ({class})
-- says.nl: {domain} mag {permissions} op {target} ({class})
-- explain.en: AOSP states rules that no policy may break (neverallow). A policy that breaks one was built without
--   those checks. It is a deviation; whether anything uses it is not shown.
-- explain.nl: AOSP kent regels die geen beleid mag breken (neverallow). Een beleid dat er een breekt is zonder die
--   controles gemaakt. Het is een afwijking; of iets er gebruik van maakt is niet getoond.
-- reference: https://source.android.com/docs/security/features/selinux/compatibility
-- limits: Only the rules in data/selinux are checked.
-- needs: selinux_access
SELECT x.build_id, NULL AS actor_id, x.domain || ' ' || x.target || ' ' || x.class AS subject, x.fact_id, x.domain, x.target, x.class, x.permissions, x.note, CASE WHEN x.domain LIKE '%untrusted_app%' OR x.domain = 'appdomain' THEN 'high' ELSE 'medium' END AS severity
FROM selinux_access x WHERE x.note LIKE 'baseline %' AND x.class <> 'permissive'
ORDER BY x.build_id, x.domain, x.target, x.class, x.fact_id
