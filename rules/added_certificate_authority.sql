-- rule: added_certificate_authority
-- theme: network
-- severity: high
-- strength: present
-- title.en: The phone trusts certificate authorities that plain Android does not
-- title.nl: De telefoon vertrouwt certificaatautoriteiten die kaal Android niet vertrouwt
-- says.en: The phone trusts {subject}, which is in no list of known roots
-- says.nl: De telefoon vertrouwt {subject}, dat in geen lijst van bekende wortels staat
-- explain.en: Whoever holds the key of a trusted root can read and change the encrypted traffic of every app that
--   trusts the system's store. A root that no known list has was added by the maker or a carrier.
-- explain.nl: Wie de sleutel van een vertrouwde wortel heeft kan het versleutelde verkeer lezen en wijzigen van elke
--   app die op de lijst van het systeem vertrouwt. Een wortel die in geen bekende lijst staat is toegevoegd door de
--   maker of een provider.
-- reference: https://source.android.com/docs/security/features
-- limits: Known roots are those in data/roots. Certificates inside apps and keys of updates are no roots of the phone and left out; the note names the store.
-- needs: certificate_authority
SELECT c.build_id, NULL AS actor_id, coalesce(c.subject, c.sha256) AS subject, c.fact_id, 'store: ' || c.store AS note, CASE WHEN c.store IN ('system', 'conscrypt', 'user') THEN 'high' ELSE 'medium' END AS severity
FROM certificate_authority c WHERE c.known = 0 AND c.store NOT IN ('app', 'ota') ORDER BY c.build_id, c.store, subject, c.sha256
