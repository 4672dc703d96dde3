-- rule: permissions_given_before_asking
-- theme: rights
-- severity: medium
-- strength: present
-- title.en: Personal data is opened to apps before the owner is asked
-- title.nl: Persoonlijke gegevens zijn voor apps geopend voordat de eigenaar iets gevraagd wordt
-- says.en: {actor} holds {subject} from the first start on; the owner is not asked
-- says.nl: {actor} heeft {subject} vanaf de eerste start; de eigenaar wordt niets gevraagd
-- explain.en: Android asks the owner for each of these rights. The image gives it beforehand. Some apps, such as the
--   phone app, need that; for others it is a decision of the maker in the owner's place.
-- explain.nl: Android vraagt de eigenaar om elk van deze rechten. Het image geeft het vooraf. Sommige apps, zoals de
--   telefoon-app, hebben dat nodig; bij andere beslist de maker in plaats van de eigenaar.
-- reference: https://source.android.com/docs/core/permissions/runtime_perms
-- limits: Grants that the platform's own code makes on a running phone are known only as far as the rights table
--   names them.
-- needs: permission_grant, package
SELECT p.build_id, p.package_id AS actor_id, g.permission AS subject, g.fact_id, p.name AS actor, g.why AS note,
       EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM permission_grant g JOIN package p ON p.package_id = g.package_id
WHERE g.effective = 'pregranted' AND g.permission IN ('android.permission.READ_SMS', 'android.permission.RECEIVE_SMS', 'android.permission.SEND_SMS', 'android.permission.READ_CONTACTS', 'android.permission.READ_CALL_LOG',
  'android.permission.ACCESS_FINE_LOCATION', 'android.permission.ACCESS_COARSE_LOCATION', 'android.permission.ACCESS_BACKGROUND_LOCATION', 'android.permission.RECORD_AUDIO', 'android.permission.CAMERA', 'android.permission.READ_PHONE_STATE',
  'android.permission.READ_CALENDAR', 'android.permission.READ_EXTERNAL_STORAGE', 'android.permission.MANAGE_EXTERNAL_STORAGE', 'android.permission.GET_ACCOUNTS', 'android.permission.BODY_SENSORS', 'android.permission.PROCESS_OUTGOING_CALLS')
ORDER BY p.build_id, p.name, g.permission, g.fact_id
