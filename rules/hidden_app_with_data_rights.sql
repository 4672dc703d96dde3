-- rule: hidden_app_with_data_rights
-- theme: data
-- severity: low
-- strength: present
-- title.en: Apps without an icon hold rights over personal data
-- title.nl: Apps zonder pictogram hebben rechten op persoonlijke gegevens
-- says.en: {actor} has no icon to open it by and holds {count} rights over personal data
-- says.nl: {actor} heeft geen pictogram om haar te openen en heeft {count} rechten op persoonlijke gegevens
-- explain.en: Much of a system has no icon and needs none. Where such an app holds messages, calls, contacts, places
--   or microphone, the owner has no place to notice it.
-- explain.nl: Veel van een systeem heeft geen pictogram en heeft dat ook niet nodig. Waar zo'n app berichten,
--   oproepen, contacten, plaats of microfoon heeft, is er geen plek waar de eigenaar haar opmerkt.
-- reference: https://developer.android.com/guide/components/intents-filters
-- limits: An icon that the app shows or hides while running is not seen.
-- needs: permission_grant, intent_filter, package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, p.fact_id, group_concat(DISTINCT g.fact_id) AS evidence, p.name AS actor, count(DISTINCT g.permission) AS count, group_concat(DISTINCT replace(g.permission, 'android.permission.', '')) AS note,
       max(EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)) AS baseline
FROM package p JOIN permission_grant g ON g.package_id = p.package_id
WHERE g.effective IN ('granted', 'pregranted') AND p.partition IS NOT NULL AND p.partition <> 'data'
  AND g.permission IN ('android.permission.READ_SMS', 'android.permission.RECEIVE_SMS', 'android.permission.READ_CONTACTS', 'android.permission.READ_CALL_LOG', 'android.permission.ACCESS_FINE_LOCATION',
    'android.permission.RECORD_AUDIO', 'android.permission.CAMERA', 'android.permission.PROCESS_OUTGOING_CALLS', 'android.permission.READ_CALENDAR')
  AND NOT EXISTS (SELECT 1 FROM intent_filter f WHERE f.package_id = p.package_id AND f.categories LIKE '%android.intent.category.LAUNCHER%')
GROUP BY p.package_id HAVING count(DISTINCT g.permission) >= 2 ORDER BY p.build_id, p.name
