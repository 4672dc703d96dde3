-- rule: apps_set_by_lists
-- theme: removal
-- severity: info
-- strength: present
-- title.en: Lists of the image install apps or set the phone by country or carrier
-- title.nl: Lijsten van het image installeren apps of stellen de telefoon in naar land of provider
-- says.en: A list ({scope}) names {subject}
-- says.nl: Een lijst ({scope}) noemt {subject}
-- explain.en: What a phone brings can depend on where it is first switched on. These lists say what, as far as they
--   lie in the image; others come from the network.
-- explain.nl: Wat een telefoon meebrengt kan afhangen van waar ze voor het eerst aangaat. Deze lijsten zeggen wat,
--   voor zover ze in het image liggen; andere komen van het netwerk.
-- reference: https://source.android.com/docs/core/connect/carrier
-- limits: Lists of formats that are not known are not read.
-- needs: setting
SELECT s.build_id, NULL AS actor_id, s.name AS subject, min(s.fact_id) AS fact_id, s.scope, min(s.value) AS note FROM setting s WHERE s.scope IN ('preload', 'carrier')
GROUP BY s.build_id, s.scope, s.name ORDER BY s.build_id, s.scope, s.name
