-- rule: dialer_code
-- theme: removal
-- severity: low
-- strength: present
-- title.en: Apps answer codes typed in the dialer
-- title.nl: Apps antwoorden op codes die in de kiezer getypt worden
-- says.en: {actor} answers the code {subject}
-- says.nl: {actor} antwoordt op de code {subject}
-- explain.en: Codes open tests and hidden screens. Each is a door for whoever holds the phone. Plain AOSP has a few.
-- explain.nl: Codes openen tests en verborgen schermen. Elk is een deur voor wie de telefoon vasthoudt. Kaal AOSP
--   heeft er een paar.
-- reference: https://developer.android.com/reference/android/provider/Telephony.Sms.Intents#SECRET_CODE_ACTION
-- limits: Codes that the dialer handles in its own code are not seen.
-- needs: dialer_code, package
SELECT p.build_id, p.package_id AS actor_id, d.code AS subject, d.fact_id, p.name AS actor, d.class AS note, EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1) AS baseline
FROM dialer_code d JOIN package p ON p.package_id = d.package_id ORDER BY p.build_id, p.name, d.code, d.fact_id
