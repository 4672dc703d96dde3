-- rule: system_app_talks_in_clear
-- theme: network
-- severity: medium
-- strength: present
-- title.en: Privileged apps name hosts that they reach without encryption
-- title.nl: Bevoorrechte apps noemen hosts die ze onversleuteld bereiken
-- says.en: {actor} names {count} hosts with http: {hosts}
-- says.nl: {actor} noemt {count} hosts met http: {hosts}
-- explain.en: What goes over http can be read and changed on the way. Naming a host is not sending to it; that the
--   app may send in clear and names such addresses is where to look in traffic.
-- explain.nl: Wat over http gaat is onderweg te lezen en te wijzigen. Een host noemen is er niet naar versturen; dat
--   de app onversleuteld mag versturen en zulke adressen noemt, is waar in het verkeer gekeken moet worden.
-- reference: https://developer.android.com/privacy-and-security/risks/cleartext-communications
-- limits: Addresses in name spaces of documents are left out as far as they are known.
-- needs: endpoint, package
SELECT p.build_id, p.package_id AS actor_id, p.name AS subject, min(e.fact_id) AS fact_id, p.fact_id AS evidence, p.name AS actor, count(DISTINCT e.host) AS count, substr(group_concat(DISTINCT e.host), 1, 400) AS hosts,
       max(EXISTS (SELECT 1 FROM power w WHERE w.actor_id = p.package_id AND w.baseline = 1)) AS baseline
FROM endpoint e JOIN package p ON p.package_id = e.actor_id
WHERE e.scheme = 'http' AND e.use <> 'none' AND coalesce(p.cleartext, CASE WHEN p.target_sdk >= 28 THEN 0 ELSE 1 END) = 1 AND (p.privileged = 1 OR p.shared_uid LIKE 'android.uid.%')
  AND e.host NOT IN ('localhost', '127.0.0.1', 'schemas.android.com', 'www.w3.org', 'xml.org', 'xmlpull.org', 'www.apache.org', 'ns.adobe.com', 'java.sun.com', 'schemas.xmlsoap.org')
GROUP BY p.package_id ORDER BY p.build_id, p.name
