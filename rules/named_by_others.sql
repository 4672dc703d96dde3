-- rule: named_by_others
-- theme: removal
-- severity: info
-- strength: present
-- title.en: Apps are named by other parts of the image, which makes them hard to remove
-- title.nl: Apps worden genoemd door andere delen van het image, wat ze moeilijk te verwijderen maakt
-- says.en: {count} other files name {actor}
-- says.nl: {count} andere bestanden noemen {actor}
-- explain.en: Code or overlays elsewhere count on this app. Taking it away may break them; the block plan takes that
--   into account.
-- explain.nl: Code of overlays elders rekenen op deze app. Weghalen kan ze breken; het blokkeerplan houdt daar
--   rekening mee.
-- reference: https://developer.android.com/guide/topics/manifest/manifest-element
-- limits: That code names an app does not show that it cannot do without.
-- needs: needed_package, package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, min(n.fact_id) AS fact_id, p.fact_id AS evidence, p.name AS actor, count(DISTINCT n.named_by) AS count
FROM needed_package n JOIN package p ON p.package_id = n.package_id
WHERE NOT EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)
GROUP BY p.package_id HAVING count(DISTINCT n.named_by) >= 3 ORDER BY p.build_id, p.name
