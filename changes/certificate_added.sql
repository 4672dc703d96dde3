-- change: certificate_added
-- theme: keys
-- effect: more
-- severity: high
-- title.en: Something on the phone trusts a new certificate
-- title.nl: Iets op de telefoon vertrouwt een nieuw certificaat
-- says.en: The store {store} trusts {who} now
-- says.nl: De opslag {store} vertrouwt nu {who}
-- why.en: {reason}
-- why.nl: {reason}
-- words: reason
WITH o AS (SELECT * FROM old_trust), n AS (SELECT * FROM new_trust)
SELECT n.store || ' ' || substr(n.sha256, 1, 16) AS subject, n.store, n.who || coalesce(' (' || n.known_as || ')', '') AS who, NULL AS before, n.who AS after,
       CASE WHEN n.store = 'ota' THEN CASE WHEN n.known_as LIKE 'aosp-%' THEN 'critical' ELSE 'high' END WHEN n.store IN ('system', 'conscrypt') THEN CASE WHEN n.in_release = 1 THEN 'low' WHEN n.known = 1 THEN 'medium' ELSE 'critical' END WHEN n.store = 'app' THEN 'low' ELSE 'medium' END AS severity,
       CASE WHEN n.store = 'ota' THEN 'Whoever holds this key may sign updates of the phone.' WHEN n.store IN ('system', 'conscrypt') THEN 'Whoever holds this key may read and change encrypted traffic of apps that trust the system''s store.' || CASE WHEN n.known = 1 THEN ' A public list of roots has it.' ELSE ' No public list of roots has it.' END ELSE 'A part of the phone takes it for genuine.' END AS reason,
       80 AS weight, n.f AS after_fact
FROM n WHERE NOT EXISTS (SELECT 1 FROM o WHERE o.store = n.store AND o.sha256 = n.sha256)
