-- rule: missing_certificate_authority
-- theme: network
-- severity: info
-- strength: present
-- title.en: Certificate authorities that plain Android trusts are not on this phone
-- title.nl: Certificaatautoriteiten die kaal Android vertrouwt ontbreken op deze telefoon
-- says.en: {subject} is not among the roots of this phone
-- says.nl: {subject} zit niet bij de wortels van deze telefoon
-- explain.en: Roots come and go with versions. One that is gone makes servers unreachable; it opens nothing.
-- explain.nl: Wortels komen en gaan met versies. Een die weg is maakt servers onbereikbaar; ze opent niets.
-- reference: https://source.android.com/docs/security/features
-- limits: Compared with the list in data/roots for this version.
-- needs: certificate_authority
SELECT m.build_id, NULL AS actor_id, coalesce(m.subject, m.sha256) AS subject, m.fact_id, (SELECT count(*) FROM certificate_authority c WHERE c.build_id = m.build_id) || ' roots are there' AS note
FROM ca_missing m ORDER BY m.build_id, subject, m.sha256
