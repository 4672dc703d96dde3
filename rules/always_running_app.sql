-- rule: always_running_app
-- theme: removal
-- severity: low
-- strength: present
-- title.en: Apps outside of plain AOSP are kept running all the time
-- title.nl: Apps buiten kaal AOSP worden voortdurend draaiende gehouden
-- says.en: {actor} is kept running from the first start on and restarted when it stops
-- says.nl: {actor} draait vanaf de eerste start en wordt herstart als ze stopt
-- explain.en: A persistent app of the system cannot be stopped by the owner for long. The phone app needs that;
--   others seldom do.
-- explain.nl: Een persistente app van het systeem kan de eigenaar niet lang stoppen. De telefoon-app heeft dat nodig;
--   andere zelden.
-- reference: https://developer.android.com/guide/topics/manifest/application-element#persistent
-- limits: Only what the manifest says outright.
-- needs: package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, p.fact_id, p.name AS actor, CASE WHEN p.shared_uid IS NOT NULL THEN 'runs as ' || p.shared_uid END AS note,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM package p WHERE p.persistent = 1 AND p.partition IS NOT NULL AND p.partition <> 'data' AND p.name <> 'android' ORDER BY p.build_id, p.name, p.fact_id
