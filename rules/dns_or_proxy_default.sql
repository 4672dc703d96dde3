-- rule: dns_or_proxy_default
-- theme: network
-- severity: medium
-- strength: present
-- title.en: The image sets DNS servers or a proxy
-- title.nl: Het image stelt DNS-servers of een proxy in
-- says.en: The image sets {subject} to {value}
-- says.nl: Het image zet {subject} op {value}
-- explain.en: Whoever answers DNS learns which names are asked; whoever is the proxy sees the traffic. Networks
--   usually say which server to ask; here the image does, for some case or for all.
-- explain.nl: Wie DNS beantwoordt leert welke namen gevraagd worden; wie de proxy is ziet het verkeer. Netwerken
--   zeggen gewoonlijk welke server; hier doet het image dat, voor een geval of voor alle.
-- reference: https://source.android.com/docs/core/ota/modular-system/dns-resolver
-- limits: Public resolvers as a last resort (8.8.8.8 in old versions) are low.
-- needs: setting
SELECT s.build_id, NULL AS actor_id, s.name AS subject, s.fact_id, s.value, CASE WHEN s.value LIKE '8.8.%' OR s.value LIKE '2001:4860:4860:%' THEN 'low' ELSE 'medium' END AS severity,
       CASE WHEN s.value LIKE '8.8.%' OR s.value LIKE '2001:4860:4860:%' THEN 1 END AS baseline
FROM setting s WHERE s.value <> '' AND (s.scope IN ('dns', 'proxy') OR (s.scope = 'prop' AND (s.name GLOB 'net.dns[0-9]*' OR s.name GLOB 'net.*.dns[0-9]*' OR s.name IN ('net.http.proxy', 'ro.http.proxy', 'persist.sys.http_proxy'))))
ORDER BY s.build_id, s.name, s.value, s.fact_id
