-- rule: names_past_dns
-- theme: network
-- severity: medium
-- strength: seen
-- title.en: Names are looked up past the phone's DNS
-- title.nl: Namen worden buiten de DNS van de telefoon om opgezocht
-- says.en: Names were looked up over HTTP with {subject} ({names})
-- says.nl: Namen zijn over HTTP opgezocht bij {subject} ({names})
-- explain.en: A maker's own resolver tells addresses to its apps. Lists that block names in DNS do not see these names.
-- explain.nl: Een eigen resolver van een maker geeft adressen aan zijn apps. Lijsten die namen in DNS blokkeren zien deze namen niet.
-- reference: https://www.alibabacloud.com/help/en/httpdns
-- limits: Only in what could be read; over TLS without its secrets such requests look like any others.
-- needs: capture, name_lookup
SELECT k.build_id, NULL AS actor_id, coalesce(c.host, c.dst) AS subject, min(l.fact_id) AS fact_id, count(DISTINCT l.name) AS names
FROM name_lookup l JOIN connection c ON c.connection_id = l.connection_id AND c.capture_id = l.capture_id JOIN capture k ON k.capture_id = l.capture_id
WHERE l.how = 'httpdns' GROUP BY k.build_id, coalesce(c.host, c.dst) ORDER BY k.build_id, subject
