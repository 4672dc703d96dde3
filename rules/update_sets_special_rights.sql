-- rule: update_sets_special_rights
-- theme: updates
-- severity: high
-- strength: present
-- title.en: The script of an update makes a program run with another user's rights than its caller's
-- title.nl: Het script van een update laat een programma draaien met de rechten van een ander dan zijn aanroeper
-- says.en: The update gives {subject} {rights}
-- says.nl: De update geeft {subject} {rights}
-- explain.en: The bits set-user-id and set-group-id, and capabilities, give rights to whoever may start the program. AOSP has
--   them on run-as and, until Android 4.3, on a few more. In an update of files the script is the only place that says so.
-- explain.nl: De bits set-user-id en set-group-id, en capabilities, geven rechten aan wie het programma mag starten. AOSP
--   heeft ze op run-as en, tot Android 4.3, op nog enkele. In een update van bestanden staat dit alleen in het script.
-- reference: https://source.android.com/docs/security/enhancements/enhancements43
-- limits: Owners and modes that the updater takes from elsewhere are not seen.
-- needs: update_step
SELECT s.build_id, NULL AS actor_id, s.target AS subject, s.fact_id, CASE WHEN s.capabilities IS NOT NULL THEN 'capabilities ' || s.capabilities ELSE 'mode ' || s.mode END AS rights,
       s.detail AS note, s.target IN ('/system/bin/run-as') AS baseline
FROM update_step s
WHERE s.what = 'attribute' AND (s.capabilities IS NOT NULL OR (length(s.mode) = 5 AND substr(s.mode, 2, 1) IN ('2', '3', '4', '5', '6', '7')))
ORDER BY s.build_id, subject, s.fact_id
