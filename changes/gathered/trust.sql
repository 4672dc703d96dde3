-- gathered: trust
-- says: Certificates by the store that trusts them.
SELECT store, sha256, max(subject) AS who, max(known) AS known, max(known_as) AS known_as, max(in_release) AS in_release, min(fact_id) AS f FROM SIDE_certificate_authority GROUP BY store, sha256
