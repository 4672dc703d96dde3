-- rule: hosts_entry
-- theme: network
-- severity: medium
-- strength: present
-- title.en: The image answers for names of hosts itself
-- title.nl: Het image antwoordt zelf op namen van hosts
-- says.en: The image sends {subject} to {value}
-- says.nl: Het image stuurt {subject} naar {value}
-- explain.en: A line in the hosts file decides where a name leads before any DNS is asked: it can block, or lead
--   elsewhere.
-- explain.nl: Een regel in het hosts-bestand beslist waar een naam heen leidt voordat DNS gevraagd wordt: dat kan
--   blokkeren, of elders heen leiden.
-- reference: https://man7.org/linux/man-pages/man5/hosts.5.html
-- limits: Lines for localhost are left out.
-- needs: setting
SELECT s.build_id, NULL AS actor_id, s.name AS subject, s.fact_id, s.value, CASE WHEN s.value IN ('0.0.0.0', '127.0.0.1', '::1', '::') THEN 'low' ELSE 'high' END AS severity
FROM setting s WHERE s.scope = 'hosts' AND s.name NOT IN ('localhost', 'ip6-localhost', 'ip6-loopback', 'localhost.localdomain') ORDER BY s.build_id, s.name, s.value, s.fact_id
