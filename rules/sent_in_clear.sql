-- rule: sent_in_clear
-- theme: network
-- severity: low
-- strength: seen
-- title.en: Messages were sent without encryption
-- title.nl: Berichten zijn onversleuteld verstuurd
-- says.en: Requests to {subject} were sent in the clear ({messages})
-- says.nl: Verzoeken aan {subject} zijn onversleuteld verstuurd ({messages})
-- explain.en: Whoever carries them can read and change them: the Wi-Fi, the provider, everybody on the way. What was in them is told
--   by the views message and leak, as far as it was looked for.
-- explain.nl: Wie ze vervoert kan ze lezen en veranderen: de wifi, de provider, iedereen onderweg. Wat erin stond vertellen de
--   views message en leak, voor zover ernaar gezocht is.
-- reference: https://www.rfc-editor.org/rfc/rfc7258
-- limits: Checks whether the network works are in the clear by design, and are info.
-- needs: capture, message
SELECT k.build_id, NULL AS actor_id, coalesce(m.host, c.host, c.dst) AS subject, min(m.fact_id) AS fact_id, count(*) AS messages,
       CASE WHEN max(m.path IS NOT NULL AND m.path NOT IN ('/generate_204', '/generate204', '/gen_204', '/hotspot-detect.html', '/library/test/success.html', '/connecttest.txt', '/ncsi.txt')) THEN CASE WHEN max(m.body_bytes) > 0 OR max(m.query IS NOT NULL) THEN 'medium' ELSE 'low' END ELSE 'info' END AS severity
FROM message m JOIN connection c ON c.connection_id = m.connection_id AND c.capture_id = m.capture_id JOIN capture k ON k.capture_id = m.capture_id
WHERE m.out = 1 AND m.state = 'clear' AND c.local = 0 AND m.what = 'request' GROUP BY k.build_id, coalesce(m.host, c.host, c.dst) ORDER BY k.build_id, subject
