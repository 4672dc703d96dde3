-- rule: su_program
-- theme: build
-- severity: high
-- strength: present
-- title.en: The image holds a program that makes its caller root
-- title.nl: Het image bevat een programma dat zijn aanroeper root maakt
-- says.en: {subject} is in the image
-- says.nl: {subject} zit in het image
-- explain.en: A program named su belongs to builds for developers. On a phone that was sold it is a way to all rights
--   for whoever may start it.
-- explain.nl: Een programma met de naam su hoort bij builds voor ontwikkelaars. Op een verkochte telefoon is het een
--   weg naar alle rechten voor wie het mag starten.
-- reference: https://source.android.com/docs/core/architecture/configuration/add-system-properties
-- limits: By its name and place. What SELinux lets it do is in the rules on SELinux.
-- needs: artifact
SELECT a.build_id, NULL AS actor_id, coalesce(a.device_path, a.path) AS subject, a.fact_id, CASE a.state WHEN 'listed' THEN 'named by a list, not in the evidence' END AS note
FROM artifact a WHERE a.kind NOT IN ('folder', 'symlink') AND (a.device_path LIKE '%/bin/su' OR a.device_path LIKE '%/xbin/su' OR a.device_path LIKE '%/sbin/su' OR a.device_path LIKE '%/bin/daemonsu' OR a.device_path LIKE '%/xbin/daemonsu')
ORDER BY a.build_id, subject, a.fact_id
