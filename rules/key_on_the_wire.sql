-- rule: key_on_the_wire
-- theme: network
-- severity: medium
-- strength: seen
-- title.en: A channel is encrypted with a key that goes over the same wire
-- title.nl: Een kanaal is versleuteld met een sleutel die over dezelfde draad gaat
-- says.en: {subject} encrypts messages with a key that follows from what it sent in the clear before
-- says.nl: {subject} versleutelt berichten met een sleutel die volgt uit wat daarvoor onversleuteld is verstuurd
-- explain.en: Whoever records the start of the connection can open what follows. klikspaan does not open it: it holds credentials.
-- explain.nl: Wie het begin van de verbinding opneemt kan openen wat volgt. klikspaan opent het niet: er zitten inloggegevens in.
-- reference: https://github.com/Xiaomi/mimc-cpp-sdk
-- limits: Known of one maker's push channel, by its published program.
-- needs: capture, message
SELECT k.build_id, NULL AS actor_id, coalesce(c.host, c.dst) AS subject, min(m.fact_id) AS fact_id
FROM message m JOIN connection c ON c.connection_id = m.connection_id AND c.capture_id = m.capture_id JOIN capture k ON k.capture_id = m.capture_id
WHERE m.detail LIKE '%key_on_wire%' GROUP BY k.build_id, coalesce(c.host, c.dst) ORDER BY k.build_id, subject
