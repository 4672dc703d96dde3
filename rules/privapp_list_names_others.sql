-- rule: privapp_list_names_others
-- theme: rights
-- severity: info
-- strength: present
-- title.en: The lists of privileged rights name packages that plain AOSP does not have
-- title.nl: De lijsten van bevoorrechte rechten noemen pakketten die kaal AOSP niet heeft
-- says.en: The image allows {subject} {count} privileged rights
-- says.nl: Het image staat {subject} {count} bevoorrechte rechten toe
-- explain.en: The lists say which privileged rights the maker gave to whom. This row shows the maker's share of them,
--   so that it can be compared between makers and versions.
-- explain.nl: De lijsten zeggen welke bevoorrechte rechten de maker aan wie gaf. Deze regel toont het deel van de
--   maker, zodat het tussen makers en versies vergeleken kan worden.
-- reference: https://source.android.com/docs/core/permissions/perms-allowlist
-- limits: A line for a package that is not installed counts as well.
-- needs: setting, package
SELECT s.build_id, p.package_id AS actor_id, s.name AS subject, min(s.fact_id) AS fact_id, group_concat(DISTINCT s.fact_id) AS evidence, count(DISTINCT s.value) AS count
FROM setting s LEFT JOIN package p ON p.build_id = s.build_id AND p.name = s.name
WHERE s.scope = 'privapp' AND s.name NOT LIKE 'android%' AND s.name NOT LIKE 'com.android.%'
  AND NOT EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)
GROUP BY s.build_id, s.name, p.package_id ORDER BY s.build_id, s.name
