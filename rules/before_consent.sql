-- rule: before_consent
-- theme: network
-- severity: medium
-- strength: seen
-- title.en: Hosts were contacted before any consent
-- title.nl: Er was contact met hosts voor enige toestemming
-- says.en: {subject} was sent {bytes} bytes before the owner had consented to anything
-- says.nl: Naar {subject} gingen {bytes} bytes voordat de eigenaar ergens mee had ingestemd
-- explain.en: By the owner's own list of acts. A connection is not exfiltration; what was in it is told as far as it could be read.
-- explain.nl: Volgens de eigen lijst van daden van de eigenaar. Een verbinding is geen doorsluizen; wat erin zat wordt verteld voor zover het te lezen was.
-- reference: https://eur-lex.europa.eu/eli/dir/2002/58/oj
-- limits: The clock of the list and that of the capture are taken to agree.
-- needs: capture, act
SELECT k.build_id, NULL AS actor_id, coalesce(c.host, c.dst) AS subject, min(c.fact_id) AS fact_id, sum(c.bytes_out) AS bytes
FROM connection_act a JOIN connection c ON c.connection_id = a.connection_id AND c.capture_id = a.capture_id JOIN capture k ON k.capture_id = c.capture_id
WHERE a.before_consent = 1 AND c.local = 0 GROUP BY k.build_id, coalesce(c.host, c.dst) ORDER BY k.build_id, subject
