-- change: package_user
-- theme: rights
-- effect: more
-- severity: high
-- title.en: A package runs as another user
-- title.nl: Een pakket draait als een andere gebruiker
-- says.en: {subject} runs as {after}; before as {before}
-- says.nl: {subject} draait als {after}; eerst als {before}
-- why.en: Packages of one shared user share all their rights; users of the system may do nearly everything.
-- why.nl: Pakketten van een gedeelde gebruiker delen al hun rechten; systeemgebruikers mogen bijna alles.
-- words: before after
SELECT pp.app AS subject, coalesce(o.shared_uid, 'a user of its own') AS before, coalesce(n.shared_uid, 'a user of its own') AS after,
       CASE WHEN n.shared_uid LIKE 'android.uid.%' THEN 'high' WHEN n.shared_uid IS NULL THEN 'info' ELSE 'medium' END AS severity,
       CASE WHEN n.shared_uid IS NULL THEN 'less' ELSE 'more' END AS effect, CASE WHEN n.shared_uid = 'android.uid.system' THEN 60 ELSE 0 END AS weight, o.fact_id AS before_fact, n.fact_id AS after_fact
FROM package_pair pp JOIN old_package o ON o.package_id = pp.before_id JOIN new_package n ON n.package_id = pp.after_id WHERE o.shared_uid IS NOT n.shared_uid
