-- change: certificate_removed
-- theme: keys
-- effect: less
-- severity: info
-- title.en: Something on the phone does not trust a certificate any more
-- title.nl: Iets op de telefoon vertrouwt een certificaat niet meer
-- says.en: The store {store} does not trust {who} any more
-- says.nl: De opslag {store} vertrouwt {who} niet meer
-- why.en: One party fewer is trusted; what it protected may fail.
-- why.nl: Een partij minder wordt vertrouwd; wat ze beschermde kan stoppen.
WITH o AS (SELECT * FROM old_trust), n AS (SELECT * FROM new_trust)
SELECT o.store || ' ' || substr(o.sha256, 1, 16) AS subject, o.store, o.who, o.who AS before, NULL AS after, CASE WHEN o.store = 'ota' THEN 20 ELSE 0 END AS weight, o.f AS before_fact
FROM o WHERE NOT EXISTS (SELECT 1 FROM n WHERE o.store = n.store AND o.sha256 = n.sha256)
