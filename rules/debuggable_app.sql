-- rule: debuggable_app
-- theme: build
-- severity: high
-- strength: present
-- title.en: Preinstalled apps let a debugger in
-- title.nl: Voorgeïnstalleerde apps laten een debugger toe
-- says.en: {actor} lets a debugger in
-- says.nl: {actor} laat een debugger toe
-- explain.en: Whoever can reach the phone by adb can take over a debuggable app with all its rights and data.
-- explain.nl: Wie via adb bij de telefoon kan, kan een debuggable app overnemen met al haar rechten en gegevens.
-- reference: https://developer.android.com/privacy-and-security/risks/android-debuggable
-- limits: Reaching the phone by adb needs its owner's consent on a build that is set up well.
-- needs: package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, p.fact_id, p.name AS actor,
       CASE WHEN p.shared_uid LIKE 'android.uid.%' THEN 'high' WHEN p.privileged = 1 THEN 'medium' ELSE 'low' END AS severity
FROM package p WHERE p.debuggable = 1 ORDER BY p.build_id, p.name, p.fact_id
