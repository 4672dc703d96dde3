-- rule: first_in_line_for_messages
-- theme: data
-- severity: medium
-- strength: present
-- title.en: Apps put themselves first in line for incoming messages
-- title.nl: Apps zetten zich vooraan in de rij voor binnenkomende berichten
-- says.en: {actor} takes incoming messages with priority {priority} and holds the right to
-- says.nl: {actor} neemt binnenkomende berichten met prioriteit {priority} en heeft er het recht toe
-- explain.en: Receivers of a message are asked in order of priority. On old versions the first could make a message
--   disappear for the others; a priority above 999 is kept for the system.
-- explain.nl: Ontvangers van een bericht worden gevraagd in volgorde van prioriteit. In oude versies kon de eerste
--   een bericht voor de anderen laten verdwijnen; een prioriteit boven 999 is voor het systeem.
-- reference: https://developer.android.com/reference/android/content/IntentFilter#setPriority(int)
-- limits: What it does with them is not shown here.
-- needs: intent_filter, permission_grant, package
SELECT p.build_id, p.package_id AS actor_id, f.class AS subject, f.fact_id, min(g.fact_id) AS evidence, p.name AS actor, f.priority, max(EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)) AS baseline
FROM intent_filter f JOIN package p ON p.package_id = f.package_id JOIN permission_grant g ON g.package_id = p.package_id
WHERE f.priority >= 1000 AND (f.actions LIKE '%Telephony.SMS_RECEIVED%' OR f.actions LIKE '%SMS_DELIVER%' OR f.actions LIKE '%WAP_PUSH_RECEIVED%' OR f.actions LIKE '%NEW_OUTGOING_CALL%')
  AND g.permission IN ('android.permission.RECEIVE_SMS', 'android.permission.RECEIVE_WAP_PUSH', 'android.permission.RECEIVE_MMS', 'android.permission.PROCESS_OUTGOING_CALLS') AND g.effective IN ('granted', 'pregranted', 'on_request')
GROUP BY f.fact_id, p.package_id ORDER BY p.build_id, p.name, f.class
