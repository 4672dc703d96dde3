-- rule: reads_and_sends
-- theme: data
-- severity: medium
-- strength: able
-- title.en: Apps are able to read personal data and to send it, without a screen
-- title.nl: Apps zijn in staat persoonlijke gegevens te lezen en te versturen, zonder scherm
-- says.en: {actor} is able to do all of: {powers}
-- says.nl: {actor} is in staat tot: {powers}
-- explain.en: The app holds the rights and the code to read personal data and to talk to the network, and both are
--   reached from entries or the background. Able is not done: whether data that is read is what is sent is shown by
--   flows and by traffic only.
-- explain.nl: De app heeft de rechten en de code om persoonlijke gegevens te lezen en met het netwerk te praten, en
--   beide worden bereikt vanuit ingangen of de achtergrond. In staat is niet gedaan: of wat gelezen wordt ook
--   verstuurd wordt blijkt alleen uit stromen en verkeer.
-- reference: https://source.android.com/docs/core/permissions
-- limits: Reading and sending are not joined by data flow here.
-- needs: power, package
WITH able AS (SELECT actor_id, power, min(fact_id) AS fact_id, max(coalesce(baseline, 0)) AS baseline FROM power WHERE held_by IS NOT NULL AND code IS NOT NULL AND reachable = 1 GROUP BY actor_id, power)
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, min(r.fact_id) AS fact_id, group_concat(DISTINCT r.fact_id) || ',' || min(n.fact_id) AS evidence, p.name AS actor,
       group_concat(DISTINCT r.power) || ', use_network' AS powers, max(r.baseline) AS baseline,
       CASE WHEN count(DISTINCT r.power) >= 3 THEN 'medium' ELSE 'low' END AS severity
FROM package p JOIN able r ON r.actor_id = p.package_id AND r.power IN ('read_messages', 'read_calls', 'read_contacts', 'read_keystrokes', 'read_screen', 'read_notifications', 'record_calls', 'record_sound', 'record_video', 'locate')
JOIN able n ON n.actor_id = p.package_id AND n.power = 'use_network'
WHERE p.partition IS NOT NULL AND p.partition <> 'data'
GROUP BY p.package_id HAVING count(DISTINCT r.power) >= 2 ORDER BY p.build_id, p.name
